//! In what the releases differ, one question each.

/// A release of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// 3.10.108
    V3_10,
    /// 4.19.13
    V4_19,
    /// 5.15.135
    V5_15,
    /// 6.1.192
    V6_1,
    /// 6.12.117
    V6_12,
    /// 6.18.33
    V6_18,
}

impl Release {
    /// The release of that name.
    pub fn of(name: &str) -> Option<Release> {
        Some(match name {
            "3.10" => Release::V3_10,
            "4.19" => Release::V4_19,
            "5.15" => Release::V5_15,
            "6.1" => Release::V6_1,
            "6.12" => Release::V6_12,
            "6.18" => Release::V6_18,
            _ => return None,
        })
    }

    /// The start of a walk comes from a table of counters, not from one hint.
    pub fn has_table(self) -> bool {
        self >= Release::V5_15
    }

    /// Two passes by parity; else one walk over a ring.
    pub fn walks_by_parity(self) -> bool {
        self >= Release::V4_19
    }

    /// TIME_WAITs end by a calendar that all share; else each has a timer.
    pub fn has_calendar(self) -> bool {
        self == Release::V3_10
    }

    /// `IP_BIND_ADDRESS_NO_PORT` exists.
    pub fn has_no_port(self) -> bool {
        self >= Release::V4_19
    }

    /// `IP_LOCAL_PORT_RANGE` exists.
    pub fn has_window(self) -> bool {
        self >= Release::V6_1
    }

    /// A window makes the walk try every port in turn.
    pub fn window_walks_by_one(self) -> bool {
        self >= Release::V6_12
    }

    /// Owners of a port hang in buckets of (port, address) too.
    pub fn has_address_buckets(self) -> bool {
        self >= Release::V6_1
    }

    /// The trace counts the (port, address) buckets.
    pub fn shows_address_buckets(self) -> bool {
        self >= Release::V6_12
    }

    /// A bucket can become shareable again.
    pub fn repairs_buckets(self) -> bool {
        self >= Release::V6_18
    }

    /// A bucket that bind makes takes the options of its first owner over.
    pub fn first_owner_sets_flags(self) -> bool {
        self <= Release::V6_1
    }

    /// A failed connect gives the source address back.
    pub fn gives_source_back(self) -> bool {
        self >= Release::V5_15
    }

    /// disconnect sets the retransmission timeout back.
    pub fn disconnect_resets_rto(self) -> bool {
        self >= Release::V5_15
    }

    /// Automatic choice may take a FIN_WAIT2 remnant over.
    pub fn reuses_finwait2(self) -> bool {
        self <= Release::V5_15
    }

    /// A TIME_WAIT becomes reusable some milliseconds after it began.
    pub fn reuses_after_delay(self) -> bool {
        self >= Release::V6_18
    }

    /// Stamps are seconds of the wall clock.
    pub fn stamps_by_wall_clock(self) -> bool {
        self == Release::V3_10
    }

    /// A negative `tcp_max_tw_buckets` is a very large one.
    pub fn max_tw_is_unsigned(self) -> bool {
        self >= Release::V6_1
    }

    /// The first retransmissions of a SYN are one second apart.
    pub fn syn_is_linear(self) -> bool {
        self >= Release::V6_12
    }

    /// The newest matching `SO_REUSEPORT` listener gets a connection.
    pub fn newest_listener_wins(self) -> bool {
        self == Release::V4_19
    }

    /// A caller on the any address matches whatever address is remembered.
    pub fn any_caller_matches(self) -> bool {
        self == Release::V4_19
    }

    /// Some knobs are bytes.
    pub fn has_byte_knobs(self) -> bool {
        self >= Release::V5_15
    }

    /// A RST that `tcp_rfc1337` withstands starts the 60 s anew.
    pub fn withstood_rst_restarts(self) -> bool {
        self == Release::V3_10
    }
}
