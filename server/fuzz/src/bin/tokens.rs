//! The target `tokens`, for the fuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tokens(data));
