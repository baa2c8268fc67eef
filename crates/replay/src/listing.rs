//! The kernel's code as the page shows it: routines, the lines of each, and the function of the
//! kernel that a line is taken from. The words stand in the page's texts; a line is one condition
//! or one deed, so that one line is one reason. Which line a moment lights is in `lit`.

/// Defines [`Routine`] and [`Spot`]: a listing for each routine, its lines by function, in order.
macro_rules! listings {
    ($( $(#[$doc:meta])* $routine:ident { $( $function:literal: $($spot:ident)+; )+ } )+) => {
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

            /// Its lines, in order.
            pub const fn lines(self) -> &'static [Spot] {
                match self { $( Routine::$routine => &[ $( $( Spot::$spot ),+ ),+ ] ),+ }
            }
        }

        impl Spot {
            /// The routine that the line belongs to.
            pub const fn routine(self) -> Routine {
                match self { $( $( $( Spot::$spot )|+ )|+ => Routine::$routine ),+ }
            }

            /// The function of the kernel that the line is taken from.
            pub const fn function(self) -> &'static str {
                match self { $( $( $( Spot::$spot )|+ => $function ),+ ),+ }
            }
        }
    };
}

listings! {
    /// The choice of a port.
    Walk {
        "__inet_hash_connect": Offset Loop Port Head Search NoBucket BindOwns;
        "__inet_check_established": InTimewait;
        "tcp_twsk_unique": NoStamp ReuseOff TooYoung TakeOver;
        "__inet_check_established": Alive Share;
        "__inet_hash_connect": Fail Take;
    }
    /// connect() around that choice.
    Connect {
        "inet_stream_connect": Busy;
        "tcp_v4_connect": Short Family Route Cast Source OtherPeer PeerCache SynSent Choose;
        "tcp_connect": Syn;
        "tcp_v4_connect": Undo;
    }
    /// The same for a socket that has a port.
    Bound {
        "inet_hash_connect": BoundHash;
        "__inet_hash_connect": BoundSole;
        "__inet_check_established": BoundInTimewait;
        "tcp_twsk_unique": BoundNoStamp BoundTakeOver;
        "__inet_check_established": BoundAlive BoundUnused;
    }
    /// bind() around the choice of a port.
    Bind {
        "inet_bind": NotLocal Privileged HasPort GetPort BindFails;
    }
    /// A definite port for bind() and listen().
    GivenPort {
        "inet_csk_get_port": Look Make Welcome;
        "inet_csk_bind_conflict": Conflict;
        "inet_csk_get_port": Lower Join;
    }
    /// Any port for bind() and listen().
    AnyPort {
        "inet_csk_get_port": Start Each Free Remember Next Exhausted;
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
        "tcp_set_state": Closed;
    }
    /// A mini-socket takes a socket's place.
    Timewait {
        "tcp_time_wait": Remembered Overflow MiniSocket Slot;
        "tcp_rcv_state_process": Wait;
    }
    /// The peer's FIN reaches a mini-socket.
    Restart {
        "tcp_timewait_state_process": RestartIfHalf RestartRemembered RestartSlot;
    }
    /// The slow calendar ticks.
    Tick {
        "inet_twdr_hangman": EndAll EndBucket Slip Advance;
    }
    /// The fast calendar ticks.
    FastTick {
        "inet_twdr_twcal_tick": FastRows FastEndAll FastEndBucket;
    }
    /// A full socket has waited in FIN_WAIT2.
    Keepalive {
        "tcp_keepalive_timer": WaitOver;
    }
    /// Two numbers are written to `ip_local_port_range`.
    PortRange {
        "ipv4_local_port_range": LowWrong HighWrong UpsideDown StoreRange;
    }
    /// A number is written.
    Number {
        "proc_dointvec": ReadNumber StoreNumber;
    }
    /// Seconds are written.
    Seconds {
        "proc_dointvec_jiffies": ReadSeconds StoreJiffies;
    }
}

impl Spot {
    /// Number of the line, from 1.
    pub fn number(self) -> u32 {
        let before = self.routine().lines().iter().take_while(|spot| **spot != self);
        before.count() as u32 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_belongs_to_one_routine() {
        let mut seen = Vec::new();
        for routine in Routine::ALL {
            assert!((1..=16).contains(&routine.lines().len()), "{routine:?}");
            for (at, spot) in routine.lines().iter().enumerate() {
                assert_eq!((spot.routine(), spot.number()), (*routine, at as u32 + 1));
                assert!(!seen.contains(spot), "{spot:?}");
                seen.push(*spot);
            }
        }
    }
}
