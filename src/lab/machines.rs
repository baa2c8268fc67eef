//! The prepared machines as a page carries them: a line each, with its key and its link. The
//! browser's program has no machine of its own, and can't read the files they come from.

use error99_replay::catalogue::{self, Prepared};
use error99_replay::link::{self, Saved};

use crate::lang::Lang;
use crate::text::lab::no_such_scenario;
use crate::text::loaded::loaded;

/// Longest part of an unknown key that is shown, in characters.
const KEY_SHOWN: usize = 40;

/// Every prepared machine, in the order of the gallery.
pub fn sent() -> String {
    let line = |prepared: &Prepared| format!("{} {}", prepared.key, link::write(&prepared.saved()));
    catalogue::ALL.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The machine that an address asks for by its key, and what stands under "Loaded before call 1":
/// what was loaded, or that no machine has that key. Then, and without a key, it is the first.
pub fn find(lang: Lang, sent: &str, asked: Option<&str>) -> Option<(Saved, String)> {
    let mut lines = sent.lines().filter_map(|line| line.split_once(' '));
    let first = lines.clone().next()?;
    let asked = asked.filter(|key| !key.is_empty());
    let found = asked.map_or(Some(first), |asked| lines.find(|(key, _)| *key == asked));
    let (key, link) = found.unwrap_or(first);
    let said = match (found, asked) {
        (None, Some(asked)) => {
            no_such_scenario(lang, asked.chars().take(KEY_SHOWN).collect::<String>())
        }
        _ => loaded(lang, key).to_owned(),
    };
    Some((link::read(link).ok()?, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_finds_its_machine_in_what_a_page_carries() {
        let page = sent();
        for prepared in catalogue::ALL {
            let found = find(Lang::En, &page, Some(prepared.key));
            let said = loaded(Lang::En, prepared.key).to_owned();
            assert_eq!(found, Some((prepared.saved(), said)));
        }
    }

    #[test]
    fn an_unknown_key_is_named_and_finds_the_opening_machine() {
        let (page, opening) = (sent(), catalogue::opening().saved());
        for lang in Lang::ALL {
            let usual = loaded(lang, catalogue::opening().key).to_owned();
            for nothing in [None, Some("")] {
                assert_eq!(find(lang, &page, nothing), Some((opening.clone(), usual.clone())));
            }
            for asked in ["xyz", "busy-clien", "busy-client 1"] {
                let said = no_such_scenario(lang, asked);
                assert_eq!(find(lang, &page, Some(asked)), Some((opening.clone(), said)));
            }
        }
        assert_eq!(find(Lang::En, "", Some("busy-client")), None);
    }
}
