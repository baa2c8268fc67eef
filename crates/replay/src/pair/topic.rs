//! In what the rules of two releases differ, as a list.

use error99_kernel::Release;
use error99_kernel::rules::Rules;

/// Something that releases do in different ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// In which order a walk visits ports.
    Order,
    /// Where a walk starts.
    Start,
    /// What a walk that found a port leaves behind.
    Noted,
    /// When a mini-socket gives its 4-tuple up.
    Reuse,
    /// What ends a mini-socket, and when.
    Timers,
    /// `ip_local_port_range` at boot.
    Range,
    /// `tcp_tw_reuse` at boot.
    ReuseAtBoot,
    /// How bind finds any port.
    Search,
    /// Who is in the way of a bind.
    Conflict,
    /// What joining does to a bucket's flags.
    Flags,
    /// Whether a port has a bucket for each address.
    Addresses,
    /// Socket options that there are.
    Options,
    /// How knobs are read.
    Knobs,
    /// Which clock stamps are of.
    Stamps,
    /// What TIMEWAITRECYCLED counts.
    Recycled,
    /// What a negative `tcp_max_tw_buckets` means.
    Limit,
    /// What a mini-socket keeps and hears.
    Timewait,
    /// How a program learns what became of its connect.
    Program,
    /// How an unanswered SYN is repeated.
    Syn,
    /// Which of several listeners gets a connection.
    Listener,
    /// What a connect says that finds no memory for a bucket.
    Memory,
    /// Whether a failed connect gives its source address back.
    Source,
    /// Whether accepted children are counted as owners.
    Children,
}

impl Topic {
    /// All of them, in the order in which a reader meets them.
    pub const ALL: [Topic; 23] = [
        Topic::Order,
        Topic::Start,
        Topic::Noted,
        Topic::Reuse,
        Topic::Timers,
        Topic::Range,
        Topic::ReuseAtBoot,
        Topic::Search,
        Topic::Conflict,
        Topic::Flags,
        Topic::Addresses,
        Topic::Options,
        Topic::Knobs,
        Topic::Stamps,
        Topic::Recycled,
        Topic::Limit,
        Topic::Timewait,
        Topic::Program,
        Topic::Syn,
        Topic::Listener,
        Topic::Memory,
        Topic::Source,
        Topic::Children,
    ];

    /// Whether these rules go different ways here.
    fn parts(self, one: &Rules, other: &Rules) -> bool {
        match self {
            Topic::Order => one.order != other.order,
            Topic::Start => one.start != other.start,
            Topic::Noted => one.noted != other.noted,
            Topic::Reuse => one.reuse != other.reuse,
            Topic::Timers => one.timers != other.timers,
            Topic::Range => one.range_at_boot != other.range_at_boot,
            Topic::ReuseAtBoot => one.tw_reuse_at_boot != other.tw_reuse_at_boot,
            Topic::Search => one.search != other.search,
            Topic::Conflict => one.conflict != other.conflict,
            Topic::Flags => one.flags != other.flags,
            Topic::Addresses => one.addresses != other.addresses,
            Topic::Options => one.options != other.options,
            Topic::Knobs => one.knobs != other.knobs,
            Topic::Stamps => one.stamps != other.stamps,
            Topic::Recycled => one.recycled != other.recycled,
            Topic::Limit => one.limit != other.limit,
            Topic::Timewait => one.timewait != other.timewait,
            Topic::Program => one.program != other.program,
            Topic::Syn => one.syn != other.syn,
            Topic::Listener => one.listener != other.listener,
            Topic::Memory => one.says_no_memory != other.says_no_memory,
            Topic::Source => one.gives_source_back != other.gives_source_back,
            Topic::Children => one.counts_children != other.counts_children,
        }
    }
}

/// In what these two releases differ, in the order of [`Topic::ALL`].
pub fn differing([one, other]: [Release; 2]) -> Vec<Topic> {
    let (one, other) = (one.rules(), other.rules());
    Topic::ALL.into_iter().filter(|topic| topic.parts(one, other)).collect()
}
