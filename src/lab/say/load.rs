//! What became of a load.

use error99_kernel::Problem;
use error99_replay::load::CONNECTIONS_MAX;
use error99_replay::report::{LoadEnd, LoadReport};

use super::super::amounts::{error_word, exact};
use super::{joined, refusal};
use crate::lang::Lang;
use crate::text::number::n;
use crate::text::step as t;

/// How much of it ran, why it ended, how many connections failed, and the first of them.
pub fn over(lang: Lang, load: &LoadReport) -> String {
    let (begun, asked) = (n(load.begun), n(load.asked));
    let time = exact(lang, load.ms);
    let ended = match load.end {
        LoadEnd::Whole if load.asked == CONNECTIONS_MAX => t::load_at_most(lang, begun, time),
        LoadEnd::Whole => t::load_whole(lang, begun, time),
        LoadEnd::AtError => t::load_at_error(lang, begun, asked, time),
        LoadEnd::Stopped => t::load_stopped(lang, begun, asked, time),
        LoadEnd::Limit(_) => t::load_limit(lang, begun, asked, time),
    };
    let limit = match load.end {
        LoadEnd::Limit(problem) => limit(lang, problem).to_owned(),
        LoadEnd::Whole | LoadEnd::AtError | LoadEnd::Stopped => String::new(),
    };
    let failed = match (load.failures.count, load.failures.first) {
        (count, Some(first)) => t::load_failed(
            lang,
            n(count),
            n(first.nth),
            exact(lang, first.after_ms),
            error_word(lang, first.ret),
        ),
        (_, None) => t::load_none_failed(lang).to_owned(),
    };
    joined(lang, [ended, limit, failed])
}

fn limit(lang: Lang, problem: Problem) -> &'static str {
    refusal::problem(lang, problem)
}
