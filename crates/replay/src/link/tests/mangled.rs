//! What chat programs, mail clients and people do to links.

use super::chance::Chance;
use super::*;

/// One thing that happens to a link on its way.
fn mangle(chance: &mut Chance, address: &str) -> String {
    let pick = |chance: &mut Chance, from: &[&str]| {
        from[chance.below(from.len() as u64) as usize].to_owned()
    };
    let anywhere = |chance: &mut Chance, what: &str| {
        let begin = address.find("m=").map_or(0, |at| at + 2);
        let mut at = begin + chance.below((address.len() - begin) as u64 + 1) as usize;
        while !address.is_char_boundary(at) {
            at -= 1;
        }
        // Not into an escape.
        if address[..at].bytes().rev().take(8).any(|byte| byte == b'%' || byte == b'&') {
            at = address.len();
        }
        format!("{}{what}{}", &address[..at], &address[at..])
    };
    match chance.below(16) {
        0 => {
            let ends =
                [".", ",", ")", ">", "]", "/", "\"", "'", ";", "!", "?", "”", "»", "…", "。"];
            address.to_owned() + &pick(chance, &ends)
        }
        1 => {
            let unseen = ["\u{200b}", "\u{ad}", "\u{feff}", "\u{200d}", "\u{2060}", "\u{200e}"];
            let unseen = pick(chance, &unseen);
            anywhere(chance, &unseen)
        }
        2 => address.replace('_', "%5F").replace('-', "%2d"),
        3 => address.replace('%', "%25"),
        4 => {
            let more =
                ["&utm_source=mail", "?utm_campaign=x", "&fbclid=IwAR0-x_y", "#top", "&amp;"];
            address.to_owned() + &pick(chance, &more)
        }
        5 => {
            let gap =
                pick(chance, &[" ", "\n", "\r\n", "\n> ", "\t", "\u{a0}", "=\r\n", "\u{3000}"]);
            anywhere(chance, &gap)
        }
        6 => address.replacen("#m=", "#m%3D", 1),
        7 => address.replacen("#m=", "##m=", 1),
        8 => address.replacen("#m=", "#M=", 1),
        9 => format!("{}{address}", pick(chance, &[" ", "\"", "<", "(", "见 ", "\n\n"])),
        10 => address.to_owned() + &pick(chance, &["=", "==", "%3D"]),
        11 => address.replace('-', &pick(chance, &["–", "—", "−", "‑", "‐"])),
        12 => address
            .chars()
            .map(|sign| match sign {
                '!'..='~' => char::from_u32(sign as u32 + 0xfee0).unwrap_or(sign),
                _ => sign,
            })
            .collect(),
        13 => address.replacen("#m=", "#m=3D", 1),
        14 => format!("_{address}_"),
        _ => address.replacen("#m=", "# m = ", 1),
    }
}

#[test]
fn whatever_happens_to_a_link_on_its_way_it_is_read_as_it_was_written() {
    let mut chance = Chance::new(1_404);
    let mut links: Vec<String> = catalogue::ALL.iter().map(|one| write(&one.saved())).collect();
    links.extend((0..60).map(|_| write(&chance.state(20))));
    let mut lost = Vec::new();
    for round in 0..6_000 {
        let link = &links[round % links.len()];
        let mut text = match round % 3 {
            0 => format!("https://error99.example/lab/#m={link}"),
            1 => format!("#m={link}"),
            _ => format!("https://error99.example/zh-CN/lab/?theme=dark#m={link}"),
        };
        let mut steps = vec![text.clone()];
        for _ in 0..1 + chance.below(4) {
            text = mangle(&mut chance, &text);
            steps.push(text.clone());
        }
        if find(&text) != read(link) {
            lost.push(steps);
        }
    }
    assert!(lost.is_empty(), "{} of 6,000: {:#?}", lost.len(), &lost[..lost.len().min(8)]);
}

#[test]
fn an_equals_sign_is_undone_wherever_its_line_was_broken() {
    let link = write(&catalogue::opening().saved());
    for signs in ["3D", "3D3D", "\n> 3D3D", "3\n> D3D", "3D\r\n> 3D\n> "] {
        let text = format!("https://error99.example/lab/#m={signs}{link}");
        assert!(find(&text) == read(&link), "{text}");
    }
}

#[test]
fn one_character_taken_for_another_is_found_out() {
    let link = write(&catalogue::opening().saved());
    for (at, was) in link.char_indices() {
        for other in ["0", "O", "l", "1", "I", "-", "_"] {
            let alike =
                ["0Oo", "1lI", "-_"].iter().any(|row| row.contains(was) && row.contains(other));
            let text = format!("{}{other}{}", &link[..at], &link[at + 1..]);
            if alike && at > 0 {
                assert!(find(&text) == read(&link), "{text}");
            }
        }
        let flipped = char::from(was as u8 ^ 32);
        if was.is_ascii_alphabetic() {
            let text = format!("{}{flipped}{}", &link[..at], &link[at + 1..]);
            assert!(find(&text) == read(&link), "{text}");
        }
    }
    assert!(find(&link[1..]) == read(&link), "without its version");
}

#[test]
fn what_no_checksum_confirms_stays_refused() {
    let mut chance = Chance::new(3);
    let link = write(&catalogue::opening().saved());
    for _ in 0..2_000 {
        let mut bytes = link.clone().into_bytes();
        for _ in 0..3 {
            let at = 1 + chance.below(bytes.len() as u64 - 1) as usize;
            bytes[at] = b'a' + bytes[at].wrapping_mul(7) % 24;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(find(&text).is_err() || text == link, "{text}");
    }
    for text in ["hello", "#m=hello", "", "#m=", "https://error99.example/lab/"] {
        assert!(matches!(find(text), Err(LinkError::NoLink)), "{text}: {:?}", find(text).err());
    }
}

#[test]
fn the_longest_text_is_looked_at_and_no_more() {
    for sign in ["a", "%", "m=", "%25", "-", "\u{200b}", "1"] {
        let text = sign.repeat(LONG / sign.len());
        assert!(find(&text).is_err());
    }
}

/// Longer than anything that is looked at.
const LONG: usize = 600_000;
