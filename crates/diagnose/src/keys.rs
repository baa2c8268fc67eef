//! The words of a diagnosis: each with a key that stays and an English sentence.

/// Makes an enum whose variants have a key and a sentence.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($variant:ident $key:literal $sentence:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $sentence] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// Its key, which stays.
            pub const fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)* }
            }

            /// It in English.
            pub const fn sentence(self) -> &'static str {
                match self { $($name::$variant => $sentence,)* }
            }
        }
    };
}

words! {
    /// What was found.
    Finding {
        ConnectFullTimeWait "connect_full_time_wait" "All ports towards a destination are in use, nearly all of them in TIME_WAIT.",
        ConnectFullLive "connect_full_live" "All ports towards a destination are in use by live connections.",
        ConnectFullMixed "connect_full_mixed" "All ports towards a destination are in use, by live connections and TIME_WAITs.",
        ReuseOff "reuse_off" "tcp_tw_reuse is 0: no TIME_WAIT is taken over.",
        ReuseLoopbackOnly "reuse_loopback_only" "tcp_tw_reuse is 2: TIME_WAITs are taken over on the loopback only, and this destination isn't there.",
        ReuseNoTimestamps "reuse_no_timestamps" "Without timestamps no TIME_WAIT is taken over.",
        ReuseInForce "reuse_in_force" "This kernel would take old TIME_WAITs over: those that stay have no timestamps or are too young.",
        SettingsContradict "settings_contradict" "The settings contradict the count: with them so many TIME_WAITs can't pile up from connections that carry timestamps.",
        BindFirstFull "bind_first_full" "bind() with port 0 comes before connect(): such a port must be free at its address, for whatever destination.",
        ReuseNotForBind "reuse_not_for_bind" "tcp_tw_reuse does nothing for bind(): it doesn't ask for it.",
        HalfRangeBind "half_range_bind" "On this kernel bind() with port 0 and SO_REUSEADDR gets only half of the range.",
        ConnectSlowPastHalf "connect_slow_past_half" "A destination is past half of the range: each connect() there first walks over all ports of the other parity.",
        BindSlowPastHalf "bind_slow_past_half" "More than half of the range is bound: each bind() with port 0 first passes all ports of one parity.",
        SettlesNearHalf "settles_near_half" "A count near half of the range can be where reuse settles on this kernel: no sign of trouble by itself.",
        FixedPortAlive "fixed_port_alive" "The program names its local port, and the connection from that port is still there.",
        FixedPortTimeWait "fixed_port_time_wait" "The program names its local port, and its last connection is in TIME_WAIT.",
        Leak "leak" "Nearly all are live connections to one destination: this looks like a leak.",
        CloseWaitLeak "close_wait_leak" "CLOSE_WAITs pile up: the peer has closed, this program hasn't.",
        Ipv6SameRange "ipv6_same_range" "The port range of net.ipv4 serves IPv6 too.",
        Ipv6Disabled "ipv6_disabled" "IPv6 is disabled, and an IPv6 address was to be used: this is error 99 without any lack of ports.",
        LocalhostIpv6First "localhost_ipv6_first" "localhost may mean ::1 first.",
        ListenerPortTaken "listener_port_taken" "A connection opened here has taken the port that a server wants to listen on.",
        ListenerPortInUse "listener_port_in_use" "Another server listens on that port already.",
        SourceNotLocal "source_not_local" "bind() to an address that this host doesn't have is error 99 without any lack of ports.",
        ReservedPorts "reserved_ports" "Reserved ports make the range smaller.",
        ListenersInRange "listeners_in_range" "Servers listen inside the range: their ports are lost to connect().",
        HiddenHolders "hidden_holders" "Some ports are in no listing and yet not free: sockets that are bound only.",
        AcceptedNotCounted "accepted_not_counted" "Connections accepted here hold no port of the range.",
        TotalsSayLittle "totals_say_little" "Sums add up every destination and the accepted connections: they say nothing of one destination.",
        SampleOnly "sample_only" "The listing is a part of the whole: its counts are those of a sample.",
        ContainerHasNoSysctl "container_has_no_sysctl" "A sysctl isn't there in this namespace: it belongs to the host.",
        SysctlNotHere "sysctl_not_here" "A sysctl doesn't exist on this kernel.",
        BothEndsHere "both_ends_here" "Both ends are this host.",
        KnownProxy "known_proxy" "A proxy or a pool holds the connections: it has a directive of its own for this.",
        NoTimeWaits "no_time_waits" "There are hardly any TIME_WAITs: they aren't the reason.",
        NotFullNow "not_full_now" "Ports were free towards the failing destination when this was made.",
        SharedPorts "shared_ports" "Destinations share ports: the same local port stands in several lines.",
        OddRange "odd_range" "The number of ports in the range is odd: this kernel never uses one of them.",
        FinTimeoutSet "fin_timeout_set" "tcp_fin_timeout was changed, and rules FIN_WAIT2 only.",
        ManySources "many_sources" "Several source addresses are in use: each has the range for itself.",
    }
}

words! {
    /// What helps.
    Remedy {
        KeepAlive "keep_alive" "Keep connections open: a pool that is large enough.",
        ReuseOn "reuse_on" "tcp_tw_reuse = 1, if the other end sends timestamps.",
        WiderRange "wider_range" "A wider ip_local_port_range.",
        PodRange "pod_range" "A wider range for the pod: securityContext.sysctls, net.ipv4.ip_local_port_range.",
        SecondDestination "second_destination" "A second destination address or port.",
        SecondSource "second_source" "A second source address.",
        UnixSocket "unix_socket" "A Unix socket, as both ends are on this host.",
        NoPort "no_port" "IP_BIND_ADDRESS_NO_PORT before bind(): the port is chosen by connect().",
        NamePort "name_port" "Name the local port in bind() oneself.",
        LeaveOutBind "leave_out_bind" "Leave the bind() out.",
        FewerLonger "fewer_longer" "Fewer, longer connections.",
        MendLeak "mend_leak" "Mend the program: one client for all requests, bodies read and closed, an idle timeout.",
        Restart "restart" "Restart the program: that frees its ports at once.",
        WatchDescriptors "watch_descriptors" "Watch the number of descriptors of the process.",
        IdleTimeout "idle_timeout" "An idle timeout at the other end.",
        CloseSockets "close_sockets" "Close the socket when the peer has closed.",
        CountWhileFailing "count_while_failing" "Count by source, destination and state over everything, while it fails.",
        CheckPeerTimestamps "check_peer_timestamps" "Check tcp_timestamps at the other end and whether something between drops the option.",
        AskWhichCall "ask_which_call" "See with strace which call fails, and whether bind() comes before connect().",
        AskAddress "ask_address" "Ask the program which family and address it connects to and from.",
        ReserveListenerPort "reserve_listener_port" "Put the server's port into ip_local_reserved_ports.",
        GiveReservedBack "give_reserved_back" "Give reserved ports back that nobody needs.",
        OtherLocalPort "other_local_port" "Another local port, or none, for each attempt.",
        EnableIpv6 "enable_ipv6" "Enable IPv6, or name the IPv4 address.",
        ProxyDirective "proxy_directive" "The proxy's own directive: keep-alive to the upstream, several sources, no port at bind.",
        TimestampsOn "timestamps_on" "tcp_timestamps = 1.",
        KeepSource "keep_source" "A mode in which the client's own source address is kept, so that sources differ.",
    }
}

words! {
    /// What doesn't help here.
    NoRemedy {
        FinTimeout "fin_timeout" "tcp_fin_timeout: it rules FIN_WAIT2, not TIME_WAIT.",
        Recycle "tw_recycle" "tcp_tw_recycle: it breaks clients behind NAT, and is gone since 4.12.",
        MaxTwBuckets "max_tw_buckets" "tcp_max_tw_buckets: more of them free no port, fewer cut TIME_WAITs short.",
        Ulimit "ulimit" "ulimit: descriptors aren't ports.",
        Reuse "tw_reuse" "tcp_tw_reuse: nothing here asks for it.",
        RangeAsCure "range_as_cure" "A wider range as the cure: it fails again later.",
        MoreDestinations "more_destinations" "More destinations: bind() knows none.",
        Somaxconn "somaxconn" "net.core.somaxconn: that is the accepting side.",
        ReuseaddrOption "reuseaddr_option" "SO_REUSEADDR or SO_REUSEPORT: connect() shares ports without them.",
        CompareTotals "compare_totals" "Comparing sums with the size of the range.",
        PortsOfSs "ports_of_ss" "\"ports\" of ss -s: it counts bind buckets.",
        SwitchIpv6 "switch_ipv6" "Switching IPv6 off or on.",
        MoreWorkers "more_workers" "More workers: they share the range.",
    }
}

words! {
    /// What can't be known from this.
    Doubt {
        Backports "backports" "The kernel is a distribution's: changes may have been carried back to it.",
        KernelUnknown "kernel_unknown" "The kernel isn't said.",
        KernelInferred "kernel_inferred" "The kernel isn't said; it was inferred.",
        RangeUnknown "range_unknown" "The range isn't said; the kernel's default was taken.",
        CountsUnknown "counts_unknown" "How many ports each destination has isn't said.",
        SampleOnly "sample_only" "The listing is cut.",
        SourceUnknown "source_unknown" "The counts don't say the source address.",
        StatesUnknown "states_unknown" "The counts don't say the other states.",
        MomentOfError "moment_of_error" "Whether the ports were used up when the call failed.",
        PeerTimestamps "peer_timestamps" "Whether the other end sends timestamps.",
        ReuseUnknown "reuse_unknown" "tcp_tw_reuse isn't said; the kernel's default was taken.",
        TimestampsUnknown "timestamps_unknown" "tcp_timestamps isn't said.",
        SettingsThen "settings_then" "Whether the settings were in force when those connections were made.",
        BoundOnly "bound_only" "Ports that are only bound are in no listing.",
        LeakOrNeed "leak_or_need" "Whether it is a leak or need: two listings some minutes apart would tell.",
        CallUnknown "call_unknown" "Which call failed.",
        Ipv6Unseen "ipv6_unseen" "What IPv6 holds: /proc/net/tcp6 is missing.",
        BindsFirst "binds_first" "That the program binds first is a guess from its ports.",
        WhereTimeWaits "where_time_waits" "To which destinations the TIME_WAITs belong.",
        Options "options" "Which options the program sets on its sockets.",
    }
}
