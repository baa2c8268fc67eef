//! Rust sources as a guard looks at them: without comments, without tests, and what they name.

use std::fs;
use std::path::{Path, PathBuf};

/// A source of the project.
pub struct Source {
    /// Its path below the repository's root, with `/` between folders.
    pub path: String,
    /// As it was written.
    pub text: String,
    /// The same with blanks in the place of comments, of what stands between quotes, and of unit
    /// tests: line for line.
    pub code: String,
}

impl Source {
    fn read(root: &Path, file: &Path) -> Source {
        let text = fs::read_to_string(file).expect("a source can be read");
        let path = file.strip_prefix(root).expect("it lies below the root");
        let path = path.to_str().expect("a plain name").replace('\\', "/");
        let code = without_tests(&plain(&text));
        Source { path, text, code }
    }

    /// Whether all of it is a test, or data of one.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches"))
    }

    /// The modules that lead to it from its crate's root, which lies in the folder `home`.
    pub fn module(&self, home: &str) -> Vec<String> {
        let inside = self.path.strip_prefix(home).unwrap_or(&self.path).trim_start_matches('/');
        let inside = inside.trim_end_matches(".rs");
        let parts = inside.split('/').filter(|part| !matches!(*part, "mod" | "lib"));
        parts.map(ToOwned::to_owned).collect()
    }

    /// Numbers of the lines of code that hold `word`, from 1 on.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        let lines = self.code.lines().enumerate();
        lines.filter(|(_, line)| line.contains(word)).map(|(at, _)| at + 1).collect()
    }

    /// What it names of its own crate, each as the path from the crate's root.
    pub fn names(&self, home: &str) -> Vec<Vec<String>> {
        let module = self.module(home);
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("::") {
            let head = word_before(&self.code, at);
            let from = match head {
                "crate" => Vec::new(),
                "self" => module.clone(),
                // The second of two is read together with the first.
                "super" if !self.code[..at - "super".len()].ends_with("::") => above(&module),
                _ => continue,
            };
            let head_starts = at - head.len();
            if !self.code[..head_starts].ends_with("::") {
                paths(from, &self.code[at + 2..], &mut found);
            }
        }
        found
    }

    /// Names of the Leptos components that it defines.
    pub fn components(&self) -> Vec<&str> {
        let after = self.code.split("#[component]").skip(1);
        let name = |rest: &'_ str| rest.split_once("fn ").map(|(_, name)| name.len());
        after
            .filter_map(|rest| {
                let from = rest.len() - name(rest)?;
                rest[from..].split(|c: char| !c.is_alphanumeric() && c != '_').next()
            })
            .collect()
    }
}

/// All Rust sources below some folders of the repository.
pub fn sources(folders: &[&str]) -> Vec<Source> {
    files(folders, &["rs"])
}

/// All files of some kinds below some folders of the repository.
pub fn files(folders: &[&str], kinds: &[&str]) -> Vec<Source> {
    let root = root();
    let mut files = Vec::new();
    folders.iter().for_each(|folder| list(&root.join(folder), kinds, &mut files));
    files.sort();
    assert!(!files.is_empty(), "{folders:?} hold sources");
    files.iter().map(|file| Source::read(&root, file)).collect()
}

/// Names of what lies in a folder of the repository.
pub fn entries(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder can be read");
    let names = entries.map(|entry| entry.expect("an entry can be read").file_name());
    names.map(|name| name.to_str().expect("a plain name").to_owned()).collect()
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("it is there")
}

fn list(folder: &Path, kinds: &[&str], files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            list(&path, kinds, files);
        } else if kinds.iter().any(|kind| path.extension().is_some_and(|own| own == *kind)) {
            files.push(path);
        }
    }
}

/// The module above; that of the root is the root.
fn above(module: &[String]) -> Vec<String> {
    module[..module.len().saturating_sub(1)].to_vec()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word_before(code: &str, at: usize) -> &str {
    let from = code[..at].rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
    &code[from..at]
}

/// The paths that begin with `from` and go on as `rest` does, `{a, b::c}` unfolded.
fn paths(mut from: Vec<String>, rest: &str, found: &mut Vec<Vec<String>>) {
    let rest = rest.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        let mut depth = 0;
        let mut start = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    paths(from.clone(), &group[start..at], found);
                    start = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    match &rest[..end] {
        "" if from.is_empty() => return,
        "" | "self" => {}
        "super" => from = above(&from),
        name => from.push(name.to_owned()),
    }
    match rest[end..].strip_prefix("::") {
        Some(rest) => paths(from, rest, found),
        None => found.push(from),
    }
}

/// `text` with blanks in the place of comments and of what stands between quotes.
fn plain(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let hidden = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' => quoted(rest),
            'r' if !code.ends_with(is_word) => raw(rest),
            // A character, not a lifetime.
            '\'' if rest[1..].starts_with('\\') => 4 + rest[3..].find('\'').unwrap_or(0),
            '\'' => match rest.char_indices().nth(2) {
                Some((at, '\'')) => at + 1,
                _ => 0,
            },
            _ => 0,
        };
        let (gone, kept) = if hidden > 0 { (hidden, false) } else { (c.len_utf8(), true) };
        let blank = |c: char| if kept || c == '\n' { c } else { ' ' };
        code.extend(rest[..gone].chars().map(blank));
        rest = &rest[gone..];
    }
    code
}

/// Length of the text in quotes that `rest` begins with.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

/// Length of the raw text that `rest` begins with, 0 if it is none.
fn raw(rest: &str) -> usize {
    let signs = rest[1..].chars().take_while(|c| *c == '#').count();
    if !rest[1 + signs..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(signs));
    let from = signs + 2;
    rest[from..].find(&end).map_or(rest.len(), |at| from + at + end.len())
}

/// `code` with blank lines in the place of what is compiled for tests only.
fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept += line;
            kept.push('\n');
            continue;
        }
        kept.push('\n');
        let mut depth = 0;
        for line in lines.by_ref() {
            kept.push('\n');
            depth += line.matches('{').count();
            depth -= line.matches('}').count().min(depth);
            let ends = line.ends_with(['}', ';']);
            if depth == 0 && ends {
                break;
            }
        }
    }
    kept
}

#[test]
fn comments_quotes_and_tests_are_blank() {
    let text = "let a = \"// \\\" x\"; // no\nlet b = r#\"c\"d\"#; /* e\n */ let c = '\"'; 'd: loop {}\n\
                #[cfg(test)]\nmod checks {\n    fn f() {\n    }\n}\nlet e = '\\'';\n";
    let code = without_tests(&plain(text));
    assert_eq!(code.lines().count(), text.lines().count(), "{code}");
    let words: Vec<&str> = code.split_whitespace().collect();
    assert_eq!(words.join(" "), "let a = ; let b = ; let c = ; 'd: loop {} let e = ;");
}

#[test]
fn what_a_source_names_is_found_however_it_is_written() {
    let code = "use crate::text::{self, number::thousands, lab as t}; super::live::part(); \
                self::inner::x(); super::super::page::y(); other::crate_::z()";
    let source =
        Source { path: "src/lab/code/values.rs".into(), text: String::new(), code: code.into() };
    let names = source.names("src");
    let names: Vec<String> = names.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        names,
        [
            "text",
            "text::number::thousands",
            "text::lab",
            "lab::code::live::part",
            "lab::code::values::inner::x",
            "lab::page::y"
        ]
    );
}
