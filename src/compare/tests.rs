use error99_kernel::{Config, Release, Sysctl, SysctlValue};
use error99_replay::history::History;
use error99_replay::link::Saved;
use error99_replay::pair;

use super::*;

fn said(pair: &mut Pair) -> [String; 2] {
    let (view, releases) = (pair.view(), pair.releases());
    Lang::ALL.map(|lang| headline(lang, &view, releases))
}

/// A host of 32 ports, to which these deeds were done.
fn after(deeds: &[Deed]) -> Pair {
    let config = Config {
        sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(40_000, 40_031))],
        ..Config::default()
    };
    let saved = Saved { history: History::new(config), client: pair::usual().client };
    let mut pair = Pair::standing(&saved, Release::V6_18).expect("both boot");
    for deed in deeds {
        assert!(pair.act(deed.clone()).expect("it has room"));
        pair.work_all();
    }
    pair
}

#[test]
fn the_usual_pair_is_told_in_both_languages() {
    let old = Release::default().title();
    let pair = Pair::standing(&pair::usual(), pair::USUAL_OTHER);
    let mut pair = pair.expect("both boot");
    let [en, zh] = said(&mut pair);
    assert_eq!(
        en,
        format!(
            "Half of the range is in use. For **{old}** that makes no difference: **1 probe**. \
         **6.18** first passes **every even port**: 14,117 probes."
        )
    );
    assert_eq!(
        zh,
        format!(
            "端口范围已用掉一半。对 **{old}** 没有影响：**1 次探测**。**6.18** 要先走完**所有偶数端口**：14,117 次探测。"
        )
    );
}

#[test]
fn every_way_to_differ_has_its_sentence() {
    use Deed::{Advance, CloseNewest, Connect};
    let close = CloseNewest(CloseHow::Active);
    let cases: [(&[Deed], &str); 5] = [
        (&[], "Nothing has been done yet."),
        (&[Connect(1)], "Both kernels do the same here, and only the port is another one"),
        (&[Connect(1), Advance(10_000)], "Here both kernels do the same."),
        (&[Connect(1), close, Advance(60_500)], "the number of TIME_WAITs that ended is **1** on"),
        (&[Connect(40)], "Every port of the range is in use. Here both kernels do the same."),
    ];
    for (deeds, words) in cases {
        let [en, zh] = said(&mut after(deeds));
        assert!(en.contains(words), "{en}");
        assert!(!zh.is_empty() && zh != en, "{zh}");
    }
}
