//! What the files of a crate use of each other, read from their texts.
//!
//! A file uses another where it names something that is defined there. What it only passes on (`pub use`) it does not use,
//! and whoever takes it from there uses the file that defines it. Tests are left out. Methods are called without naming
//! their file, so they are no arrows either.

use std::collections::{BTreeMap, BTreeSet};

/// What each file uses of which others.
pub(super) type Arrows = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// So many times something is passed on, at most.
const MOST_HOPS: usize = 8;

/// The files of a crate by their paths of modules: `plan::step`; empty for its root.
pub(super) struct Crate(BTreeMap<String, File>);

/// A file, as far as it names anything.
struct File {
    uses: Vec<Use>,
    /// Its code without its `use` lines.
    body: String,
}

/// Something that a `use` line names.
struct Use {
    /// As the line has it.
    path: String,
    /// What it is called in the file.
    name: String,
    passed_on: bool,
}

impl Crate {
    pub(super) fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(files.into_iter().map(|(name, text)| (name, File::of(&text))).collect())
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What each file uses of which others.
    pub(super) fn arrows(&self) -> Arrows {
        let files = self.0.keys().map(|name| (name.clone(), self.used_by(name)));
        files.collect()
    }

    /// The circles, each as the arrows in it.
    pub(super) fn circles(&self) -> Vec<String> {
        let arrows = self.arrows();
        let reached: BTreeMap<_, _> = arrows
            .keys()
            .map(|from| (from.as_str(), reached(&arrows, from)))
            .collect();
        let mut circles: Vec<BTreeSet<&str>> = Vec::new();
        for (from, far) in &reached {
            let comes_back = |to: &&&str| reached.get(*to).is_some_and(|back| back.contains(from));
            let circle: BTreeSet<&str> = far.iter().filter(comes_back).copied().collect();
            if !circle.is_empty() && !circles.contains(&circle) {
                circles.push(circle);
            }
        }
        let told = |circle: &BTreeSet<&str>| {
            let within = circle
                .iter()
                .flat_map(|from| arrows[*from].iter().map(move |arrow| (from, arrow)));
            let within = within.filter(|(_, (to, _))| circle.contains(to.as_str()));
            let lines = within.map(|(from, (to, names))| format!("{from} -> {to}: {names:?}"));
            lines.collect::<Vec<_>>().join("\n")
        };
        circles.iter().map(told).collect()
    }

    fn used_by(&self, name: &str) -> BTreeMap<String, BTreeSet<String>> {
        let file = &self.0[name];
        let (mut modules, mut named) = (self.children(name), Vec::new());
        for used in &file.uses {
            let Some(path) = self.absolute(name, &used.path) else {
                continue;
            };
            match self.defined(&path, MOST_HOPS) {
                Some((module, None)) => _ = modules.insert(used.name.clone(), module),
                _ if !used.passed_on || file.mentions(&used.name) => named.push(path),
                _ => {}
            }
        }
        let words = file.body.split(|sign: char| !is_of_name(sign) && sign != ':');
        let paths = words.filter_map(|word| word.trim_matches(':').split_once("::"));
        for (first, rest) in paths {
            if matches!(first, "crate" | "self" | "super") {
                named.extend(self.absolute(name, &format!("{first}::{rest}")));
            } else if let Some(module) = modules.get(first) {
                named.push(parts(&format!("{module}::{rest}")));
            }
        }
        let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (file, what) in named.iter().filter_map(|path| self.defined(path, MOST_HOPS)) {
            if let Some(what) = what.filter(|_| file != name) {
                used.entry(file).or_default().insert(what);
            }
        }
        used
    }

    /// The modules that a file has, by their names in it.
    fn children(&self, of: &str) -> BTreeMap<String, String> {
        let child = |name: &String| {
            let (above, own) = name.rsplit_once("::").unwrap_or(("", name.as_str()));
            (above == of && !own.is_empty()).then(|| (own.to_owned(), name.clone()))
        };
        self.0.keys().filter_map(child).collect()
    }

    /// A path from the root of the crate; `None` for one that leads into another crate.
    fn absolute(&self, file: &str, path: &str) -> Option<Vec<String>> {
        let (mut here, mut ahead) = (parts(file), parts(path));
        match path.split("::").next()? {
            "crate" => {
                here.clear();
                ahead.remove(0);
            }
            "self" => _ = ahead.remove(0),
            "super" => {
                while ahead.first().is_some_and(|part| part == "super") {
                    ahead.remove(0);
                    here.pop();
                }
            }
            first => _ = self.children(file).get(first)?,
        }
        here.append(&mut ahead);
        Some(here)
    }

    /// The file in which something is defined, with its name there; without a name where it is a file.
    fn defined(&self, path: &[String], hops: usize) -> Option<(String, Option<String>)> {
        let mut places = (0..=path.len()).rev().map(|length| (path[..length].join("::"), length));
        let (module, length) = places.find(|(module, _)| self.0.contains_key(module))?;
        let Some(name) = path.get(length) else {
            return Some((module, None));
        };
        let uses = self.0[&module].uses.iter().filter(|used| used.name == *name);
        let further = uses
            .filter_map(|used| self.absolute(&module, &used.path))
            .find(|further| further != path);
        match (further, hops.checked_sub(1)) {
            (Some(mut further), Some(left)) => {
                further.extend_from_slice(&path[length + 1..]);
                self.defined(&further, left)
            }
            _ => Some((module, Some(name.clone()))),
        }
    }
}

impl File {
    fn of(text: &str) -> Self {
        let (mut uses, mut body) = (Vec::new(), String::new());
        for statement in code(text).split_inclusive(';') {
            let line_before = |at: usize| statement[..at].rsplit('\n').next().unwrap_or_default().trim();
            let begins = statement.match_indices("use ").map(|(at, _)| at);
            let begins = begins.filter(|at| line_before(*at).is_empty() || line_before(*at).starts_with("pub"));
            let Some(at) = begins.last() else {
                body += statement;
                continue;
            };
            body += &statement[..at];
            let mut found = Vec::new();
            leaves("", statement[at + "use ".len()..].trim_end_matches(';'), &mut found);
            let passed_on = line_before(at).starts_with("pub");
            uses.extend(found.into_iter().map(|(path, name)| Use { path, name, passed_on }));
        }
        Self { uses, body }
    }

    /// Whether its code names something: a type anywhere, a function where it is called.
    fn mentions(&self, name: &str) -> bool {
        let is_type = name.starts_with(char::is_uppercase);
        self.body.match_indices(name).any(|(at, _)| {
            let (before, after) = (&self.body[..at], &self.body[at + name.len()..]);
            let ends = if is_type {
                !after.starts_with(is_of_name)
            } else {
                after.starts_with('(')
            };
            ends && !before.ends_with(is_of_name)
        })
    }
}

/// What the tree of a `use` line names: each path, and what it is called.
fn leaves(before: &str, tree: &str, found: &mut Vec<(String, String)>) {
    let tree = tree.trim();
    if let Some((head, inner)) = tree.split_once('{') {
        let inner = inner.rsplit_once('}').map_or(inner, |(inner, _)| inner);
        let before = format!("{before}{}", head.trim());
        let mut depth = 0_i32;
        let is_between = |sign: char| {
            depth += match sign {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            sign == ',' && depth == 0
        };
        inner.split(is_between).for_each(|part| leaves(&before, part, found));
    } else if !tree.is_empty() {
        let (path, alias) = match tree.split_once(" as ") {
            Some((path, alias)) => (path, Some(alias)),
            None => (tree, None),
        };
        let path = format!("{before}{path}");
        let path = path.strip_suffix("::self").unwrap_or(&path);
        let last = path.rsplit("::").next().unwrap_or(path);
        found.push((path.to_owned(), alias.unwrap_or(last).to_owned()));
    }
}

/// A file's code: without its tests, its comments and what stands in quotation marks.
fn code(text: &str) -> String {
    let mut rest = text.split("\nmod tests").next().unwrap_or_default();
    let mut code = String::new();
    while let Some(next) = rest.chars().next() {
        let passed = match next {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' => text_length(&code, rest),
            '\'' => char_length(rest),
            _ => 0,
        };
        let passed = if passed == 0 {
            code.push(next);
            next.len_utf8()
        } else {
            code.push(' ');
            passed
        };
        rest = &rest[passed..];
    }
    code
}

/// The length of a text in quotation marks, of which this code stands before.
fn text_length(before: &str, text: &str) -> usize {
    let unmarked = before.trim_end_matches('#');
    let end = if unmarked.ends_with('r') {
        let mark = format!("\"{}", &before[unmarked.len()..]);
        text[1..].find(&mark).map(|at| 1 + at + mark.len())
    } else {
        let mut is_escaped = false;
        let end = text.char_indices().skip(1).find(|(_, sign)| {
            let is_end = *sign == '"' && !is_escaped;
            is_escaped = *sign == '\\' && !is_escaped;
            is_end
        });
        end.map(|(at, _)| at + 1)
    };
    end.unwrap_or(text.len())
}

/// The length of a character in quotation marks; 0 where the mark is a lifetime's.
fn char_length(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    match (signs.next(), signs.next()) {
        (Some((_, '\\')), _) => text[3..].find('\'').map_or(0, |at| at + 4),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

/// The files that one reaches along the arrows.
fn reached<'a>(arrows: &'a Arrows, from: &str) -> BTreeSet<&'a str> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(next) = open.pop() {
        for to in arrows.get(next).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(to.as_str()) {
                open.push(to);
            }
        }
    }
    reached
}

fn parts(path: &str) -> Vec<String> {
    let parts = path.split("::").filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

fn is_of_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        Crate::of(
            files
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned())),
        )
        .circles()
    }

    #[test]
    fn files_that_use_each_other_form_a_circle() {
        let found = circles(&[
            ("", "mod a;\nmod b;\nmod c;\n"),
            (
                "a",
                "use crate::{\n    b::{self, B},\n    c::C,\n};\npub struct A(B, C);\n",
            ),
            ("b", "use crate::c::C as D;\npub struct B(D);\n"),
            ("c", "pub struct C(Option<Box<crate::a::A>>);\n"),
        ]);
        let told = [
            "a -> b: {\"B\"}",
            "a -> c: {\"C\"}",
            "b -> c: {\"C\"}",
            "c -> a: {\"A\"}",
        ];
        assert_eq!(found, [told.join("\n")]);
    }

    #[test]
    fn a_circle_is_found_through_what_files_pass_on() {
        let found = circles(&[
            ("", "mod a;\nmod b;\npub use self::{a::A, b::f};\n"),
            ("a", "pub struct A;\nfn g() { crate::f(); }\n"),
            ("b", "use super::A;\npub fn f() -> A { A }\n"),
        ]);
        assert_eq!(found, ["a -> b: {\"f\"}\nb -> a: {\"A\"}"]);
    }

    #[test]
    fn a_parent_that_only_passes_on_is_in_no_circle() {
        let child = ("p::c", "use super::P;\npub struct C(P);\n");
        let root = ("", "mod p;\n");
        let passing_on = ("p", "mod c;\npub use self::c::C;\npub struct P;\n");
        assert!(circles(&[root, passing_on, child]).is_empty());
        let using = ("p", "mod c;\npub use self::c::C;\npub struct P;\nfn f(c: C) {}\n");
        assert_eq!(circles(&[root, using, child]).len(), 1);
        let calling = ("p", "mod c;\npub struct P;\nfn f() { c::g(); }\n");
        assert_eq!(circles(&[root, calling, child]).len(), 1);
    }

    #[test]
    fn comments_texts_and_tests_are_no_arrows() {
        let b = ("b", "use crate::a::A;\n");
        let a = concat!(
            "// use crate::b::B;\n",
            "const T: &str = r#\"\nuse crate::b::B; \"#;\n",
            "const Q: char = '\"';\n",
            "#[cfg(test)]\nmod tests {\n    use crate::b::B;\n}\n",
        );
        assert!(circles(&[("", "mod a;\nmod b;\n"), ("a", a), b]).is_empty());
    }
}
