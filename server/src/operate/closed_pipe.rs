//! A command whose output nobody reads any more ends without a word, as in `server settings | head`.

use std::panic;

/// What a shell says of a program that wrote where nobody reads: 128 and the number of SIGPIPE.
const NOBODY_READS: i32 = 141;

/// Has the process end quietly when it prints and nobody reads, instead of with a fault of the program. Only for commands: what
/// serves goes on.
pub fn end_quietly() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        if panicked.payload_as_str().is_some_and(is_of_printing) {
            std::process::exit(NOBODY_READS);
        }
        usual(panicked);
    }));
}

/// Whether it is by printing to a closed pipe that a program has panicked, as the standard library says it.
fn is_of_printing(said: &str) -> bool {
    said.starts_with("failed printing to std") && said.contains("Broken pipe")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_printing_to_a_closed_pipe_ends_quietly() {
        assert!(is_of_printing("failed printing to stdout: Broken pipe (os error 32)"));
        assert!(!is_of_printing(
            "failed printing to stdout: No space left on device (os error 28)"
        ));
        assert!(!is_of_printing(
            "called `Option::unwrap()` on a `None` value: Broken pipe"
        ));
    }
}
