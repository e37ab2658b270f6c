//! The target `scim-filter`, for the fuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::scim_filter(data));
