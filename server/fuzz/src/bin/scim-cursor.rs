//! The target `scim-cursor`, for the fuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::scim_cursor(data));
