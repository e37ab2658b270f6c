//! Templates: databases that are made once for each build of a test program, and copied for each test. Making one takes most
//! of a second in an unoptimised build, copying it a few hundredths.
//!
//! SQLite's are files below the build's `tmp` folder, PostgreSQL's are databases in the tests' private cluster. Whichever
//! process needs one first makes it, and the others wait.

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use store::ConnectionTrait;
use tempfile::TempDir;

use crate::databases::{Kind, Made, SQLITE_FILE, administration, fresh_sqlite, new_postgres};

/// What a template holds.
#[derive(Clone, Copy, Debug)]
pub enum Template {
    /// The tables, and nobody in them.
    Schema,
    /// The demonstration, as it is established at noon by the rules of tests.
    Demonstration,
}

impl Template {
    const fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Demonstration => "demonstration",
        }
    }
}

/// Where a new database of one kind is that holds what the template does; its folder goes when it is dropped. `make` makes
/// the template, where there is none yet.
pub async fn copy(
    kind: Kind,
    template: Template,
    make: impl AsyncFnOnce(Kind, Template) -> Made,
) -> (String, Option<TempDir>) {
    match kind {
        Kind::Sqlite => {
            let (url, folder) = fresh_sqlite();
            copy_file(template, &folder.path().join(SQLITE_FILE), make).await;
            (url, Some(folder))
        }
        Kind::Postgres => (copy_in_cluster(template, make).await, None),
    }
}

async fn copy_file(template: Template, to: &Path, make: impl AsyncFnOnce(Kind, Template) -> Made) {
    let program = Program::this();
    let kept = program.file(template, "db");
    if is_copied(&kept, to) {
        return;
    }
    let _lock = program.lock(template).await;
    // Another process may have made it meanwhile.
    if is_copied(&kept, to) {
        return;
    }
    program.remove_older();
    let Made { folder, store, .. } = make(Kind::Sqlite, template).await;
    store.empty_journal().await.expect("the database answers");
    let folder = folder.expect("SQLite's has a folder");
    let made = folder.path().join(SQLITE_FILE);
    let journal = fs::metadata(made.with_extension("db-wal")).map_or(0, |journal| journal.len());
    assert_eq!(journal, 0, "a part of the template is still in its journal");
    // Under its name it is whole: a process that is stopped before leaves nothing that others would take.
    let part = program.file(template, "part");
    fs::copy(&made, &part).expect("the template can be kept");
    fs::rename(&part, &kept).expect("the template can be kept");
    assert!(is_copied(&kept, to), "{} is gone again", kept.display());
}

/// Whether there was a template to copy.
fn is_copied(kept: &Path, to: &Path) -> bool {
    match fs::copy(kept, to) {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => panic!("{} cannot be copied: {error}", kept.display()),
    }
}

async fn copy_in_cluster(template: Template, make: impl AsyncFnOnce(Kind, Template) -> Made) -> String {
    let program = Program::this();
    let kept = format!("template_{:016x}_{}", program.build, template.name());
    if let Some(url) = new_postgres(Some(&kept)).await {
        return url;
    }
    let _lock = program.lock(template).await;
    // Another process may have made it meanwhile.
    if let Some(url) = new_postgres(Some(&kept)).await {
        return url;
    }
    let Made { url, store, .. } = make(Kind::Postgres, template).await;
    let (_, made) = url.rsplit_once('/').expect("a URL with a database");
    // A database is copied while nobody is connected to it.
    let closed = store.reader().close_by_ref().await;
    closed.expect("its connections are closed");
    let administration = administration().await;
    for statement in [
        format!("ALTER DATABASE {made} ALLOW_CONNECTIONS false"),
        // Under its name it is whole, as a file is.
        format!("ALTER DATABASE {made} RENAME TO {kept}"),
    ] {
        let done = administration.reader().execute_unprepared(&statement).await;
        done.expect("the template can be kept");
    }
    new_postgres(Some(&kept)).await.expect("the template is there")
}

/// The test program that runs, as one build of it.
struct Program {
    /// Where its templates are.
    folder: PathBuf,
    /// Its name, which other builds of it have too.
    name: String,
    /// What other builds of it do not have.
    build: u64,
}

impl Program {
    fn this() -> Self {
        let path = std::env::current_exe().expect("the path of the test program");
        let file = fs::metadata(&path).expect("the test program");
        let mut hasher = DefaultHasher::new();
        (&path, file.len(), file.modified().expect("when it was built")).hash(&mut hasher);
        // It is `deps/<name>` in the folder of a profile, beside which Cargo has a folder for what tests keep.
        let target = path.ancestors().nth(3).expect("the folder that all is built in");
        let folder = target.join("tmp/databases");
        fs::create_dir_all(&folder).expect("a folder for the templates");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self {
            folder,
            name,
            build: hasher.finish(),
        }
    }

    fn file(&self, template: Template, kind: &str) -> PathBuf {
        let (name, build, template) = (&self.name, self.build, template.name());
        self.folder.join(format!("{name}.{build:016x}.{template}.{kind}"))
    }

    /// Waits until no other process makes this template; the lock goes with the file.
    async fn lock(&self, template: Template) -> File {
        let file = File::create(self.file(template, "lock")).expect("a file to lock");
        let locking = tokio::task::spawn_blocking(move || file.lock().map(|()| file));
        locking.await.expect("no panic").expect("the file can be locked")
    }

    /// Removes the templates of older builds.
    fn remove_older(&self) {
        let (all, own) = (format!("{}.", self.name), format!("{}.{:016x}.", self.name, self.build));
        let files = fs::read_dir(&self.folder).expect("the folder of the templates");
        for file in files.flatten() {
            let name = file.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(&all) && !name.starts_with(&own) {
                // Another process may have removed it.
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::life::Turn;

    use crate::{Portal, address_of, on_both};

    const JEM: &str = "jem.larkspur@health.example";

    on_both! {
        async fn what_one_test_changes_no_other_sees(portal: Portal) {
            portal.turn(JEM, Turn::Disable).await;
            let other = Portal::open(portal.kind).await;
            let jem = other.account(JEM).await;
            assert_eq!(jem, portal.account(JEM).await, "both are copies of one template");
            assert_ne!(other.standing(jem).await.status, portal.standing(jem).await.status);
            other.adds_up().await;
        }

        async fn a_copy_holds_what_establishing_anew_makes(portal: Portal) {
            let anew = Portal::open_with(portal.kind, |_| {}).await;
            assert_eq!(people(&portal).await, people(&anew).await);
            assert_eq!(events(&portal).await, events(&anew).await);
        }
    }

    async fn people(portal: &Portal) -> Vec<String> {
        let everybody = portal.everybody().await;
        let told = everybody
            .iter()
            .map(|account| format!("{} {:?} {:?}", address_of(account), account.status, account.attributes));
        let mut told: Vec<_> = told.collect();
        told.sort();
        told
    }

    async fn events(portal: &Portal) -> usize {
        let events = store::trail::events::all(portal.gate.store().reader()).await;
        events.expect("the events can be read").len()
    }
}
