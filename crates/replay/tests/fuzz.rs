//! A share of the texts that `cargo xtask bench fuzz` reads a million of. How long each takes is
//! measured there, with a program that was built to be fast. And of the links that are bred to cost
//! as much as they can, a few.

mod chance;
#[path = "../examples/fuzz/harm.rs"]
mod harm;
#[path = "../examples/fuzz/hostile.rs"]
#[allow(dead_code)] // what is timed
mod hostile;
#[path = "../examples/fuzz/judge.rs"]
mod judge;
#[path = "../examples/fuzz/measure.rs"]
mod measure;

#[global_allocator]
static ALLOCATOR: measure::Counted = measure::Counted;

/// Memory is counted for the whole program: one at a time.
static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Links that once took gigabytes: thousands of loads of a million connects each over one port, and
/// as many loads as a link has room for.
const KNOWN: [&str; 1] = ["1AAQCAegH6AeWAoCJehY_uBcKvEcX"];

#[test]
fn no_link_holds_more_than_the_page_has() {
    let _alone = ALONE.lock();
    for link in KNOWN {
        let price = hostile::price(link, 60_000_000);
        println!("{link}: {price:?}");
        assert!(price.bytes > 1 << 20 && price.bytes <= hostile::BYTES_MAX, "{link}: {price:?}");
    }
    for aim in hostile::AIMS {
        let bred = hostile::breed(aim, 16, 12_000_000, 1);
        println!("{aim:?}: {:?}", bred[0]);
        assert!(bred.iter().all(|bred| bred.price.bytes <= hostile::BYTES_MAX), "{:?}", bred[0]);
    }
}

#[test]
fn no_text_does_harm() {
    let _alone = ALONE.lock();
    for (claim, tally) in judge::judge(20_000, 99) {
        println!("{claim:?}: {tally:?}");
        assert!(tally.read > 0 || claim == harm::Claim::Link, "some {claim:?} can still be read");
    }
}
