//! The examples and what the fuzzer has found, tried again.

use std::{fs, path::Path};

use fuzz::TARGETS;

#[test]
fn every_target_bears_its_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, target) in TARGETS {
        let files = fs::read_dir(corpus.join(name)).expect("a folder of examples");
        let mut tried = 0;
        for file in files {
            let path = file.expect("a file").path();
            println!("{}", path.display());
            target(&fs::read(path).expect("bytes"));
            tried += 1;
        }
        assert!(tried >= 3, "{name} has only {tried} examples");
    }
}
