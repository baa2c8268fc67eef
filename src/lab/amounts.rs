//! Times, numbers and results as the lab writes them.

use error99_replay::frame::Ret;

use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;

/// A duration in milliseconds, in the unit that a reader would choose: whole seconds from
/// one second on (rounded down, as the kernel's clock does), milliseconds below.
pub fn duration(lang: Lang, ms: u64) -> String {
    match ms {
        0..1_000 => t::milliseconds(lang, ms),
        _ => t::seconds(lang, thousands(ms / 1_000)),
    }
}

/// "1 port", "28,233 ports".
pub fn ports(lang: Lang, count: u32) -> String {
    match count {
        1 => t::one_port(lang).to_owned(),
        _ => t::ports(lang, thousands(count)),
    }
}

/// A moment of the machine's clock, to the millisecond.
pub fn exact(lang: Lang, ms: u64) -> String {
    let (whole, rest) = (thousands(ms / 1_000), format!("{:03}", ms % 1_000));
    match rest.trim_end_matches('0') {
        "" => t::seconds(lang, whole),
        rest => t::seconds(lang, format!("{whole}.{rest}")),
    }
}

/// What a call that didn't work is said to have got: "error 99".
pub fn error_word(lang: Lang, ret: Ret) -> String {
    match ret {
        Ret::Ok => "0".into(),
        Ret::Errno(errno) => t::error_word(lang, errno.code()),
        Ret::Limit(_) => t::limit_word(lang).into(),
    }
}

/// The same by its name: "EADDRNOTAVAIL".
pub fn error_name(lang: Lang, ret: Ret) -> &'static str {
    ret.errno().map_or(t::limit_word(lang), |errno| errno.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_no_more_digits_than_they_need() {
        let cases = [(0, "0 s"), (7_500, "7.5 s"), (60_000, "60 s"), (1_234_005, "1,234.005 s")];
        for (ms, text) in cases {
            assert_eq!(exact(Lang::En, ms), text);
        }
    }
}
