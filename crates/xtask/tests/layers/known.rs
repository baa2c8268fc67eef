//! Breaches that are known: each with its reason, none for longer than it lasts.

/// Where a breach is, as the guard that finds it says, and why it is still there or stays.
#[derive(Clone, Copy)]
pub struct Known(pub &'static str, pub &'static str);

/// Fails if anything was found that isn't known, and if anything known isn't found any more.
pub fn left(what: &str, mut found: Vec<String>, known: &[Known]) {
    found.sort();
    found.dedup();
    let is_known = |place: &String| known.iter().any(|Known(known, _)| known == place);
    let new: Vec<&String> = found.iter().filter(|place| !is_known(place)).collect();
    assert!(new.is_empty(), "{what}:\n{new:#?}");
    let gone = known.iter().filter(|Known(known, _)| !found.iter().any(|place| place == known));
    let gone: Vec<&str> = gone.map(|Known(place, _)| *place).collect();
    assert!(gone.is_empty(), "{what}: mended, so take it off the list: {gone:#?}");
    assert!(known.iter().all(|Known(_, why)| why.len() > 10), "each has its reason");
}
