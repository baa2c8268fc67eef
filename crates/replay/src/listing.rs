//! The kernel's code as the page shows it: routines, the lines of each, and the function of the
//! kernel that a line is taken from. The words stand in the page's texts; a line is one condition
//! or one deed, so that one line is one reason. Which line a moment lights is in `lit`.
//!
//! Releases have different lines, and other words for the same one. Both depend on their rules
//! ([`error99_kernel::rules`]), by the conditions of [`when`]: `if` behind a function stands before
//! lines that only some releases have, a condition in brackets behind a line says when its
//! wording is another one.

use error99_kernel::Release;
use error99_kernel::rules::Rules;

/// A condition on the rules of a release.
type When = fn(&Rules) -> bool;

/// Lines of a routine that stand together in a function.
struct Section {
    routine: Routine,
    /// The function, and those that stand in its place under a condition; the last one wins.
    function: &'static str,
    functions: &'static [(When, &'static str)],
    /// When the lines are there.
    only: Option<When>,
    /// The lines, and when the wording of each is another one; the last one wins.
    lines: &'static [(Spot, &'static [When])],
}

/// Defines [`Routine`] and [`Spot`]: a listing for each routine, its lines by function, in order.
macro_rules! listings {
    ($( $(#[$doc:meta])* $routine:ident { $(
        $function:literal $(/ $instead:literal $since:ident)* $(if $only:ident)? :
        $($spot:ident $(($($wording:ident)+))? )+ ;
    )+ } )+) => {
        /// A piece of the kernel that the page shows as pseudo-code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Routine { $( $(#[$doc])* $routine ),+ }

        /// A line of a [`Routine`]. Its name stays what it is: views, texts and tests ask for it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)] // Each line's own words stand on the page.
        pub enum Spot { $( $( $( $spot ),+ ),+ ),+ }

        impl Routine {
            /// All of them.
            pub const ALL: &'static [Routine] = &[ $( Routine::$routine ),+ ];
        }

        static SECTIONS: &[Section] = &[ $( $( Section {
            routine: Routine::$routine,
            function: $function,
            functions: &[ $( (when::$since, $instead) ),* ],
            only: only!($($only)?),
            lines: &[ $( (Spot::$spot, &[ $( $( when::$wording ),+ )? ]) ),+ ],
        } ),+ ),+ ];
    };
}

/// The condition of a [`Section`].
macro_rules! only {
    () => {
        None
    };
    ($only:ident) => {
        Some(when::$only)
    };
}

listings! {
    /// The choice of a port.
    Walk {
        "__inet_hash_connect" if table: Hint;
        "__inet_hash_connect": Offset(even_start passes table);
        "__inet_hash_connect": Loop(even_start passes own_in_turn) Port(passes);
        "__inet_hash_connect" if passes: Wrap;
        "__inet_hash_connect" if reserves: Reserved;
        "__inet_hash_connect": Head Search NoBucket BindOwns(reuseport);
        "__inet_check_established": InTimewait;
        "tcp_twsk_unique": NoStamp;
        "tcp_twsk_unique" if asks_substate: HalfClosed;
        "tcp_twsk_unique": ReuseOff(loopback) TooYoung(loopback delays) TakeOver;
        "__inet_check_established": Alive Share;
        "__inet_hash_connect": Fail Take(even_start passes table);
    }
    /// connect() around that choice.
    Connect {
        "inet_stream_connect": Busy Earlier;
        "inet_stream_connect" if asks: Learn;
        "tcp_v4_connect": Short Family Route Cast Source OtherPeer;
        "tcp_v4_connect" if recycles: PeerCache;
        "tcp_v4_connect": SynSent Choose;
        "tcp_connect": Syn;
        "tcp_v4_connect": Undo(gives_source_back);
    }
    /// The same for a socket that has a port.
    Bound {
        "inet_hash_connect" if in_turn: BoundHash;
        "__inet_hash_connect" if shared_hint: BoundSole;
        "__inet_check_established": BoundInTimewait;
        "tcp_twsk_unique": BoundNoStamp BoundTakeOver;
        "__inet_check_established": BoundAlive BoundUnused;
    }
    /// bind() around the choice of a port.
    Bind {
        "inet_bind": NotLocal Privileged(privileged_start) HasPort;
        "inet_bind" if no_port: WithoutPort;
        "inet_bind": GetPort BindFails;
    }
    /// A definite port for bind() and listen().
    GivenPort {
        "inet_csk_get_port": Look Make Welcome(reuseport);
        "inet_bhash2_addr_any_conflict" if addresses: AnyInTheWay;
        "inet_csk_get_port" if addresses: MakeAddress;
        "inet_csk_bind_conflict": Conflict;
        "inet_csk_get_port" / "inet_csk_update_fastreuse" writes_flags: Lower(reuseport writes_flags);
        "inet_csk_get_port": Join;
    }
    /// Any port for bind() and listen().
    AnyPort {
        "inet_csk_get_port" / "inet_csk_find_open_port" odd_first if halves: Halves;
        "inet_csk_get_port" / "inet_csk_find_open_port" odd_first: Start(odd_first) Each(odd_first);
        "inet_csk_get_port" / "inet_csk_find_open_port" odd_first if reserves: SearchReserved;
        "inet_csk_find_open_port" if addresses: SearchAny;
        "inet_csk_get_port" / "inet_csk_find_open_port" odd_first: Free;
        "inet_csk_get_port" if remembers: Remember;
        "inet_csk_get_port" / "inet_csk_find_open_port" odd_first if unopposed: Unopposed;
        "inet_csk_get_port" / "inet_csk_find_open_port" odd_first: Next;
        "inet_csk_find_open_port" if autobind: Relax;
        "inet_csk_get_port" / "inet_csk_find_open_port" odd_first: Exhausted(odd_first);
    }
    /// listen() around the choice of a port.
    Listen {
        "inet_listen": NotClosed Listens;
        "inet_csk_listen_start": SetListen ListenPort ListenFails;
    }
    /// Segments that arrive.
    Arrive {
        "tcp_v4_rcv": Ignored;
        "tcp_rcv_synsent_state_process": SynAck Stamps;
        "tcp_reset": Reset;
    }
    /// A client comes in.
    Accept {
        "inet_csk_accept": NoListener;
        "tcp_v4_syn_recv_sock": Child;
        "tcp_create_openreq_child": ChildStamps;
    }
    /// How a socket ends and leaves its port.
    Close {
        "tcp_close": NoConnection;
        "tcp_fin": PeerFirst;
        "tcp_close": LastAck Fin;
        "tcp_rcv_state_process": Ack;
        "tcp_fin": PeerFin;
        "tcp_set_state": Keep;
        "inet_put_port": Leave Destroy;
        "inet_bind_bucket_destroy" if recovers: Recover;
        "tcp_set_state": Closed;
    }
    /// A mini-socket takes a socket's place.
    Timewait {
        "tcp_time_wait" if recycles: Remembered;
        "tcp_time_wait": Overflow MiniSocket Slot(wheel);
        "tcp_rcv_state_process": Wait;
    }
    /// A segment reaches a mini-socket.
    Restart {
        "tcp_timewait_state_process": RestartEnds RestartIfHalf;
        "tcp_timewait_state_process" if recycles: RestartRemembered;
        "tcp_timewait_state_process": RestartSlot(wheel);
    }
    /// The slow calendar ticks.
    Tick {
        "inet_twdr_hangman" if calendars: EndAll EndBucket Slip Advance;
    }
    /// The fast calendar ticks.
    FastTick {
        "inet_twdr_twcal_tick" if calendars: FastRows FastEndAll FastEndBucket;
    }
    /// A mini-socket's own timer ends it.
    OwnTimer {
        "tw_timer_handler" if wheel: TimerEnds TimerBucket;
    }
    /// A full socket has waited in FIN_WAIT2.
    Keepalive {
        "tcp_keepalive_timer": WaitOver;
    }
    /// Two numbers are written to `ip_local_port_range`.
    PortRange {
        "ipv4_local_port_range": LowWrong HighWrong(range_checked) UpsideDown;
        "ipv4_local_port_range" if privileged_start: LowPrivileged;
        "ipv4_local_port_range": StoreRange;
    }
    /// A number is written.
    Number {
        "proc_dointvec": ReadNumber StoreNumber;
    }
    /// A number is written that has bounds.
    Bounded {
        "proc_dointvec_minmax" / "proc_douintvec_minmax" delays if reserves:
            ReadBounded OutOfBounds StoreBounded;
    }
    /// A number is written that fits into a byte.
    Byte {
        "proc_dou8vec_minmax" if bytes: ReadByte NotAByte StoreByte;
    }
    /// Seconds are written.
    Seconds {
        "proc_dointvec_jiffies": ReadSeconds StoreJiffies(checked);
    }
    /// A list of ports is written.
    PortList {
        "proc_do_large_bitmap" if reserves: ReadList NotAList StoreList;
    }
    /// `ip_unprivileged_port_start` is written.
    PrivilegedStart {
        "ipv4_privileged_ports" if privileged_start: ReadStart StartWrong StoreStart;
    }
}

/// The conditions on which lines and their wordings depend.
mod when {
    use error99_kernel::rules::{
        AddressRule, FlagRule, KnobRule, OrderRule, ProgramRule, Rules, SearchRule, StartRule,
        TimerRule,
    };
    use error99_kernel::{Age, Sysctl};

    /// Defines conditions: a name, and what it says of the rules.
    macro_rules! conditions {
        ($rules:ident: $( $name:ident = $says:expr; )+) => {
            $( pub(super) fn $name($rules: &Rules) -> bool { $says } )+
        };
    }

    conditions! { rules:
        table = rules.start == StartRule::TableOfHints;
        shared_hint = !table(rules);
        passes = rules.order.has_passes();
        in_turn = !passes(rules);
        even_start = rules.order == OrderRule::EvenStart;
        own_in_turn = rules.order == OrderRule::TwoPassesUnlessWindow;
        reserves = rules.has(Sysctl::ReservedPorts);
        reuseport = rules.options.reuseport;
        no_port = rules.options.no_port;
        loopback = rules.reuse.age() != Age::OverOneSecond;
        asks_substate = rules.reuse.asks_substate();
        delays = rules.reuse.age() == Age::OverDelay;
        recycles = rules.has(Sysctl::TwRecycle);
        asks = rules.program == ProgramRule::Asks;
        gives_source_back = rules.gives_source_back;
        privileged_start = rules.has(Sysctl::UnprivilegedStart);
        addresses = rules.addresses != AddressRule::None;
        recovers = rules.addresses == AddressRule::BucketsThatRecover;
        writes_flags = !matches!(rules.flags, FlagRule::Lower | FlagRule::LowerBoth);
        odd_first = rules.search == SearchRule::OddFirst;
        halves = odd_first(rules) || rules.search == SearchRule::LowerHalfFirst;
        remembers = !odd_first(rules);
        unopposed = rules.search != SearchRule::FewestOwners;
        autobind = rules.has(Sysctl::AutobindReuse);
        wheel = rules.timers == TimerRule::Wheel;
        calendars = !wheel(rules);
        range_checked = rules.knobs != KnobRule::Free;
        checked = matches!(rules.knobs, KnobRule::Checked | KnobRule::Bytes);
        bytes = rules.knobs == KnobRule::Bytes;
    }
}

/// A line as a release has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeLine {
    /// The line.
    pub spot: Spot,
    /// Which of its wordings it has, from 0.
    pub wording: u8,
}

impl Routine {
    /// Its lines in a release, in order; none if the release hasn't got it.
    pub fn lines(self, release: Release) -> Vec<CodeLine> {
        let rules = release.rules();
        let there = SECTIONS.iter().filter(|section| {
            section.routine == self && section.only.is_none_or(|only| only(rules))
        });
        let lines = there.flat_map(|section| section.lines);
        lines
            .map(|(spot, wordings)| CodeLine { spot: *spot, wording: held(wordings, rules) })
            .collect()
    }
}

/// Which of the wordings of a line holds.
fn held(wordings: &[When], rules: &Rules) -> u8 {
    wordings.iter().rposition(|when| when(rules)).map_or(0, |at| at as u8 + 1)
}

impl Spot {
    /// All of them, routine by routine.
    pub fn all() -> impl Iterator<Item = Spot> {
        SECTIONS.iter().flat_map(|section| section.lines).map(|(spot, _)| *spot)
    }

    fn section(self) -> &'static Section {
        let its = |section: &&Section| section.lines.iter().any(|(spot, _)| *spot == self);
        SECTIONS.iter().find(its).unwrap_or(&SECTIONS[0])
    }

    /// The routine that the line belongs to.
    pub fn routine(self) -> Routine {
        self.section().routine
    }

    /// The function of the kernel that the line is taken from.
    pub fn function(self, release: Release) -> &'static str {
        let Section { function, functions, .. } = self.section();
        let held = functions.iter().rfind(|(when, _)| when(release.rules()));
        held.map_or(function, |(_, function)| function)
    }

    /// How many wordings it has in all.
    pub fn wordings(self) -> usize {
        let its = self.section().lines.iter().find(|(spot, _)| *spot == self);
        its.map_or(1, |(_, wordings)| wordings.len() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_fits_on_the_page_and_has_no_line_twice() {
        for release in Release::ALL {
            for routine in Routine::ALL {
                let lines = routine.lines(release);
                assert!(lines.len() <= 20, "{release:?} {routine:?}");
                for (at, line) in lines.iter().enumerate() {
                    assert_eq!(line.spot.routine(), *routine);
                    assert!(lines[..at].iter().all(|other| other.spot != line.spot));
                }
            }
        }
    }

    #[test]
    fn every_line_and_every_wording_is_that_of_a_release() {
        for spot in Spot::all() {
            let lines = Release::ALL.into_iter().flat_map(|release| spot.routine().lines(release));
            let mut seen: Vec<u8> =
                lines.filter(|line| line.spot == spot).map(|line| line.wording).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), spot.wordings(), "{spot:?}");
        }
    }

    #[test]
    fn a_function_is_named_as_its_release_names_it() {
        let name = |spot: Spot, release| spot.function(release);
        assert_eq!(name(Spot::Start, Release::V3_10), "inet_csk_get_port");
        assert_eq!(name(Spot::Start, Release::V6_1), "inet_csk_find_open_port");
        assert_eq!(name(Spot::Lower, Release::V4_19), "inet_csk_update_fastreuse");
        assert_eq!(name(Spot::ReadBounded, Release::V6_18), "proc_douintvec_minmax");
    }
}
