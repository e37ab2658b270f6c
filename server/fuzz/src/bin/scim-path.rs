//! The target `scim-path`, for the fuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::scim_path(data));
