//! What the lab opens: the prepared machines as a page carries them, a line each, with its key
//! and its link (the browser's program has no machine of its own, and can't read the files they
//! come from), and machines that come in a link.

use error99_kernel::ConfigError;
use error99_replay::catalogue::{self, Prepared};
use error99_replay::link::{self, LinkError, Saved, TEXT_MAX, VERSION};

use crate::lang::Lang;
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

/// Every prepared machine, in the order of the gallery.
pub fn sent() -> String {
    let line = |prepared: &Prepared| format!("{} {}", prepared.key, link::write(&prepared.saved()));
    catalogue::ALL.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What the lab opens with: what the address asks for, or, if its link can't be read, the first
/// machine, and in the place of what was loaded, why; that is also to be said at once. Nothing if
/// the page has brought nothing.
pub fn opening(
    lang: Lang,
    sent: &str,
    key: Option<&str>,
    link: &str,
) -> Option<(Opening, Option<String>)> {
    match asked(lang, sent, key, link) {
        Ok(opening) => Some((opening, None)),
        Err(wrong) => {
            let loaded = t::link_opens_usual(lang, wrong);
            let said = Some(loaded.clone());
            Some((Opening { loaded, ..prepared(lang, sent, None)? }, said))
        }
    }
}

/// What an address asks for: a link's machine, or, without a `link`, a prepared one by its `key`.
///
/// # Errors
/// A sentence about what is wrong with the link.
pub fn asked(lang: Lang, sent: &str, key: Option<&str>, link: &str) -> Result<Opening, String> {
    match link {
        "" => prepared(lang, sent, key).ok_or_else(String::new),
        link => linked(lang, sent, link),
    }
}

/// The prepared machine of that key. If there is none, and without a key, it is the first, and
/// what was loaded gives way to a sentence about the key.
fn prepared(lang: Lang, sent: &str, asked: Option<&str>) -> Option<Opening> {
    let mut lines = lines(sent);
    let first = lines.clone().next()?;
    let asked = asked.filter(|key| !key.is_empty());
    let found = asked.map_or(Some(first), |asked| lines.find(|(key, _)| *key == asked));
    let (key, link) = found.unwrap_or(first);
    let mut opening = Opening::prepared(lang, key, link::read(link).ok()?);
    if let (None, Some(asked)) = (found, asked) {
        let shown: String = asked.chars().take(KEY_SHOWN).collect();
        opening.loaded = t::no_such_scenario(lang, shown);
    }
    Some(opening)
}

/// The machine of a link. If it is a prepared one to which something was done, starting over
/// leads back to that.
fn linked(lang: Lang, sent: &str, link: &str) -> Result<Opening, String> {
    let now = link::find(link).map_err(|error| sentence(lang, error))?;
    let same = |prepared: &Saved| {
        let (now, start) = (&now.history, &prepared.history);
        let loaded = start.loaded as usize;
        now.config == start.config
            && now.loaded == start.loaded
            && now.acts.get(..loaded) == start.acts.get(..loaded)
    };
    let mut prepared = lines(sent).filter_map(|(key, link)| Some((key, link::read(link).ok()?)));
    Ok(match prepared.find(|(_, prepared)| same(prepared)) {
        Some((key, start)) => Opening { now, ..Opening::prepared(lang, key, start) },
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

fn lines(sent: &str) -> impl Iterator<Item = (&str, &str)> + Clone {
    sent.lines().filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_kernel::Call;
    use error99_replay::Act;
    use error99_replay::history::ALL_CALLS;

    #[test]
    fn each_key_finds_its_machine_in_what_a_page_carries() {
        let page = sent();
        for machine in catalogue::ALL {
            let opening = Opening::prepared(Lang::En, machine.key, machine.saved());
            assert_eq!(asked(Lang::En, &page, Some(machine.key), ""), Ok(opening));
        }
    }

    #[test]
    fn an_unknown_key_is_named_and_finds_the_opening_machine() {
        let (page, first) = (sent(), catalogue::opening());
        for lang in Lang::ALL {
            let usual = Opening::prepared(lang, first.key, first.saved());
            for nothing in [None, Some("")] {
                assert_eq!(asked(lang, &page, nothing, ""), Ok(usual.clone()));
            }
            for key in ["xyz", "busy-clien", "busy-client 1"] {
                let loaded = t::no_such_scenario(lang, key);
                let said = Opening { loaded, ..usual.clone() };
                assert_eq!(asked(lang, &page, Some(key), ""), Ok(said));
            }
        }
        assert!(asked(Lang::En, "", Some("busy-client"), "").is_err());
    }

    #[test]
    fn a_link_goes_before_the_key_and_knows_the_prepared_machine_that_it_began_with() {
        let page = sent();
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
        let found = asked(Lang::En, &sent(), None, &link::write(&own)).expect("a link");
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
            assert_eq!(asked(Lang::En, &sent(), None, &link), Err(said));
        }
    }
}
