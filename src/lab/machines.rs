//! What the lab opens: the prepared machines as they come behind the lab's texts, a line each, with
//! its key and its link (the browser's program has no machine of its own, and can't read the files
//! they come from), and machines that come in a link.

use std::cell::OnceCell;

use error99_kernel::ConfigError;
use error99_replay::catalogue::{self, Prepared};
use error99_replay::link::{self, LinkError, Saved, TEXT_MAX, VERSION};

use crate::lang::Lang;
use crate::text::NEXT_CATALOGUE;
use crate::text::lab as t;
use crate::text::loaded::loaded;
use crate::text::number::thousands;

/// Longest part of an unknown key that is shown, in characters.
const KEY_SHOWN: usize = 40;

/// What the lab opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// What it shows.
    pub now: Saved,
    /// What it shows when the reader starts over.
    pub start: Saved,
    /// What stands under "Loaded before call 1".
    pub loaded: String,
}

impl Opening {
    /// A prepared machine.
    pub fn prepared(lang: Lang, key: &str, saved: Saved) -> Opening {
        Opening { now: saved.clone(), start: saved, loaded: loaded(lang, key).to_owned() }
    }
}

/// The prepared machines that came with the texts. Each is read when it's first asked for.
pub struct Brought(Vec<Line>);

struct Line {
    key: String,
    link: String,
    saved: OnceCell<Option<Saved>>,
}

impl Brought {
    /// Those that are `sent`.
    pub fn new(sent: &str) -> Brought {
        let lines = sent.lines().filter_map(|line| line.split_once(' '));
        let line = |(key, link): (&str, &str)| Line {
            key: key.into(),
            link: link.into(),
            saved: OnceCell::new(),
        };
        Brought(lines.map(line).collect())
    }
}

impl Line {
    fn saved(&self) -> Option<&Saved> {
        self.saved.get_or_init(|| link::read(&self.link).ok()).as_ref()
    }

    fn opening(&self, lang: Lang) -> Option<Opening> {
        Some(Opening::prepared(lang, &self.key, self.saved()?.clone()))
    }
}

/// Puts every prepared machine behind the texts.
pub fn put_behind(texts: &mut String) {
    texts.push(NEXT_CATALOGUE);
    texts.push_str(&sent());
}

/// Takes the prepared machines from behind the texts.
pub fn take_from(texts: &mut String) -> String {
    let Some(at) = texts.rfind(NEXT_CATALOGUE) else { return String::new() };
    let machines = texts.split_off(at + NEXT_CATALOGUE.len_utf8());
    texts.truncate(at);
    machines
}

/// Every prepared machine, in the order of the gallery.
fn sent() -> String {
    let line =
        |prepared: &Prepared| format!("{} {}", prepared.key, link::write(&prepared.counted()));
    catalogue::ALL.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What the lab opens with: what the address asks for, or, if its link can't be read, the first
/// machine, and in the place of what was loaded, why; that is also to be said at once. Nothing if
/// none came.
pub fn opening(
    lang: Lang,
    brought: &Brought,
    key: Option<&str>,
    link: &str,
) -> Option<(Opening, Option<String>)> {
    match asked(lang, brought, key, link) {
        Ok(opening) => Some((opening, None)),
        Err(wrong) => {
            let loaded = t::link_opens_usual(lang, wrong);
            let said = Some(loaded.clone());
            Some((Opening { loaded, ..prepared(lang, brought, None)? }, said))
        }
    }
}

/// What an address asks for: a link's machine, or, without a `link`, a prepared one by its `key`.
///
/// # Errors
/// A sentence about what is wrong with the link.
pub fn asked(
    lang: Lang,
    brought: &Brought,
    key: Option<&str>,
    link: &str,
) -> Result<Opening, String> {
    match link {
        "" => prepared(lang, brought, key).ok_or_else(String::new),
        link => linked(lang, brought, link),
    }
}

/// The prepared machine of that key. If there is none, and without a key, it is the first, and
/// what was loaded gives way to a sentence about the key.
fn prepared(lang: Lang, brought: &Brought, asked: Option<&str>) -> Option<Opening> {
    let first = brought.0.first()?;
    let asked = asked.filter(|key| !key.is_empty());
    let found = asked.map_or(Some(first), |asked| brought.0.iter().find(|line| line.key == asked));
    let mut opening = found.unwrap_or(first).opening(lang)?;
    if let (None, Some(asked)) = (found, asked) {
        let shown: String = asked.chars().take(KEY_SHOWN).collect();
        opening.loaded = t::no_such_scenario(lang, shown);
    }
    Some(opening)
}

/// The machine of a link. If it is a prepared one to which something was done, starting over
/// leads back to that.
fn linked(lang: Lang, brought: &Brought, link: &str) -> Result<Opening, String> {
    let now = link::find(link).map_err(|error| sentence(lang, error))?;
    let same = |prepared: &Saved| {
        let (now, start) = (&now.history, &prepared.history);
        let loaded = start.loaded as usize;
        now.config == start.config
            && now.loaded == start.loaded
            && now.acts.get(..loaded) == start.acts.get(..loaded)
    };
    let begun = brought.0.iter().find(|line| line.saved().is_some_and(same));
    Ok(match begun.and_then(|line| line.opening(lang)) {
        Some(opening) => Opening { now, ..opening },
        None => Opening { start: now.clone(), now, loaded: t::from_link(lang).to_owned() },
    })
}

/// What is wrong with a link.
fn sentence(lang: Lang, error: LinkError) -> String {
    match error {
        LinkError::TooLong => t::link_too_long(lang, thousands(TEXT_MAX as u32)),
        LinkError::Version(version) => t::link_later(lang, version, VERSION),
        LinkError::NoLink => t::link_none(lang).to_owned(),
        LinkError::Config(ConfigError::Release) => t::link_release(lang).to_owned(),
        LinkError::Config(_) | LinkError::History(_) => t::link_impossible(lang).to_owned(),
        _ => t::link_torn(lang).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_kernel::Call;
    use error99_replay::Act;
    use error99_replay::history::ALL_CALLS;

    #[test]
    fn each_key_finds_its_machine_in_what_a_page_carries() {
        let page = Brought::new(&sent());
        for machine in catalogue::ALL {
            let opening = Opening::prepared(Lang::En, machine.key, machine.counted());
            assert_eq!(asked(Lang::En, &page, Some(machine.key), ""), Ok(opening));
        }
    }

    #[test]
    fn what_was_put_behind_the_texts_is_taken_from_there() {
        let catalogues = "a\nb\u{c}c";
        let mut texts = catalogues.to_owned();
        put_behind(&mut texts);
        assert_eq!((take_from(&mut texts), texts.as_str()), (sent(), catalogues));
        assert_eq!(take_from(&mut "torn".to_owned()), "");
    }

    #[test]
    fn an_unknown_key_is_named_and_finds_the_opening_machine() {
        let (page, first) = (Brought::new(&sent()), catalogue::opening());
        for lang in Lang::ALL {
            let usual = Opening::prepared(lang, first.key, first.counted());
            for nothing in [None, Some("")] {
                assert_eq!(asked(lang, &page, nothing, ""), Ok(usual.clone()));
            }
            for key in ["xyz", "busy-clien", "busy-client 1"] {
                let loaded = t::no_such_scenario(lang, key);
                let said = Opening { loaded, ..usual.clone() };
                assert_eq!(asked(lang, &page, Some(key), ""), Ok(said));
            }
        }
        assert!(asked(Lang::En, &Brought::new(""), Some("busy-client"), "").is_err());
    }

    #[test]
    fn a_link_goes_before_the_key_and_knows_the_prepared_machine_that_it_began_with() {
        let page = Brought::new(&sent());
        for machine in catalogue::ALL {
            let mut now = machine.saved();
            let tip = now.history.tip;
            let act = Act::Call(Call::Advance { ms: 7 });
            now.history.push(tip, ALL_CALLS, act).expect("one act more");
            let found = asked(Lang::En, &page, Some("xyz"), &link::write(&now)).expect("a link");
            assert_eq!(found.now, now);
            let (begun, start) = (&found.start.history, machine.saved().history);
            assert_eq!((&begun.config, begun.loaded), (&start.config, start.loaded));
        }
    }

    #[test]
    fn a_machine_of_its_own_starts_over_as_the_link_brought_it() {
        let mut own = catalogue::opening().saved();
        own.history.config.bhash_size = 16;
        let found =
            asked(Lang::En, &Brought::new(&sent()), None, &link::write(&own)).expect("a link");
        let loaded = t::from_link(Lang::En).to_owned();
        assert_eq!(found, Opening { now: own.clone(), start: own, loaded });
    }

    #[test]
    fn what_is_wrong_with_a_link_is_said() {
        let good = link::write(&catalogue::opening().saved());
        let cases = [
            (good[..good.len() - 2].to_owned(), t::link_torn(Lang::En).to_owned()),
            (good.replacen('1', "0", 1), t::link_none(Lang::En).to_owned()),
            ("<script>".into(), t::link_none(Lang::En).to_owned()),
            ("hello".into(), t::link_none(Lang::En).to_owned()),
            (good.replacen('1', "7", 1), t::link_later(Lang::En, 7, VERSION)),
            ("1".repeat(TEXT_MAX + 1), t::link_too_long(Lang::En, thousands(TEXT_MAX as u32))),
        ];
        for (link, said) in cases {
            assert_eq!(asked(Lang::En, &Brought::new(&sent()), None, &link), Err(said));
        }
    }

    #[test]
    fn a_prepared_machine_is_read_when_it_is_asked_for() {
        let page = Brought::new(&sent());
        let read = || page.0.iter().filter(|line| line.saved.get().is_some()).count();
        let third = &catalogue::ALL[2];
        for _ in 0..2 {
            assert!(asked(Lang::En, &page, Some(third.key), "").is_ok());
            assert_eq!(read(), 1, "by its key: no other one");
        }
        let link = link::write(&third.saved());
        assert!(asked(Lang::En, &page, None, &link).is_ok());
        assert_eq!(read(), 3, "by its link: none behind it");
    }
}
