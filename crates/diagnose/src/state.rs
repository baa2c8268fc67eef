//! TCP states, by all the names that tools have for them.

/// A TCP state, with Linux's numbers (`include/net/tcp_states.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TcpState {
    /// The listing didn't say.
    Unknown = 0,
    /// 1
    Established = 1,
    /// 2
    SynSent = 2,
    /// 3
    SynRecv = 3,
    /// 4
    FinWait1 = 4,
    /// 5
    FinWait2 = 5,
    /// 6
    TimeWait = 6,
    /// 7
    Close = 7,
    /// 8
    CloseWait = 8,
    /// 9
    LastAck = 9,
    /// 10
    Listen = 10,
    /// 11
    Closing = 11,
}

/// How many there are.
pub const STATES: usize = 12;

impl TcpState {
    /// All of them, in the order of their numbers.
    pub const ALL: [TcpState; STATES] = [
        TcpState::Unknown,
        TcpState::Established,
        TcpState::SynSent,
        TcpState::SynRecv,
        TcpState::FinWait1,
        TcpState::FinWait2,
        TcpState::TimeWait,
        TcpState::Close,
        TcpState::CloseWait,
        TcpState::LastAck,
        TcpState::Listen,
        TcpState::Closing,
    ];

    /// Its name, as netstat prints it.
    pub const fn name(self) -> &'static str {
        match self {
            TcpState::Unknown => "UNKNOWN",
            TcpState::Established => "ESTABLISHED",
            TcpState::SynSent => "SYN_SENT",
            TcpState::SynRecv => "SYN_RECV",
            TcpState::FinWait1 => "FIN_WAIT1",
            TcpState::FinWait2 => "FIN_WAIT2",
            TcpState::TimeWait => "TIME_WAIT",
            TcpState::Close => "CLOSE",
            TcpState::CloseWait => "CLOSE_WAIT",
            TcpState::LastAck => "LAST_ACK",
            TcpState::Listen => "LISTEN",
            TcpState::Closing => "CLOSING",
        }
    }

    /// The state of that name: of ss, of its filters, or of netstat in any language that
    /// translates it.
    pub fn parse(name: &str) -> Option<TcpState> {
        if !(4..=24).contains(&name.len()) {
            return None;
        }
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, state)| *state)
    }

    /// The state with that number in `/proc/net/tcp`; later ones are as good as a closed socket
    /// or a handshake.
    pub(crate) fn of_hex(text: &str) -> Option<TcpState> {
        match u8::from_str_radix(text, 16).ok().filter(|_| text.len() == 2)? {
            12 => Some(TcpState::SynRecv),
            13 => Some(TcpState::Close),
            number => TcpState::ALL.get(usize::from(number)).copied(),
        }
    }

    /// Whether the connection is alive and not on its way out.
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            TcpState::Established | TcpState::CloseWait | TcpState::SynSent | TcpState::SynRecv
        )
    }
}

/// Names of states. Those of netstat in other languages are what net-tools' catalogues say:
/// Czech, German, French, Japanese, Brazilian Portuguese and Estonian; Chinese ones translate the
/// title only.
const NAMES: &[(&str, TcpState)] = &[
    ("ESTAB", TcpState::Established),
    ("ESTABLISHED", TcpState::Established),
    ("VERBUNDEN", TcpState::Established),
    ("ESTABELECIDA", TcpState::Established),
    ("SPOJENO", TcpState::Established),
    ("ÉTABLIE", TcpState::Established),
    ("CONNECTÉ", TcpState::Established),
    ("已建立", TcpState::Established),
    ("已建立连接", TcpState::Established),
    ("SYN-SENT", TcpState::SynSent),
    ("SYN_SENT", TcpState::SynSent),
    ("SYN_ENVIADO", TcpState::SynSent),
    ("SYN-RECV", TcpState::SynRecv),
    ("SYN_RECV", TcpState::SynRecv),
    ("SYN_RECEBIDO", TcpState::SynRecv),
    ("FIN-WAIT-1", TcpState::FinWait1),
    ("FIN_WAIT1", TcpState::FinWait1),
    ("FIN_WAIT_1", TcpState::FinWait1),
    ("ESPERA_FIN1", TcpState::FinWait1),
    ("FIN-WAIT-2", TcpState::FinWait2),
    ("FIN_WAIT2", TcpState::FinWait2),
    ("FIN_WAIT_2", TcpState::FinWait2),
    ("ESPERA_FIN2", TcpState::FinWait2),
    ("TIME-WAIT", TcpState::TimeWait),
    ("TIME_WAIT", TcpState::TimeWait),
    ("UNCONN", TcpState::Close),
    ("CLOSE", TcpState::Close),
    ("CLOSED", TcpState::Close),
    ("ZAVŘEN", TcpState::Close),
    ("FECHAR", TcpState::Close),
    ("CLOSE-WAIT", TcpState::CloseWait),
    ("CLOSE_WAIT", TcpState::CloseWait),
    ("ESPERANDO_FECHAR", TcpState::CloseWait),
    ("LAST-ACK", TcpState::LastAck),
    ("LAST_ACK", TcpState::LastAck),
    ("ÚLTIMO_ACK", TcpState::LastAck),
    ("LISTEN", TcpState::Listen),
    ("LISTENING", TcpState::Listen),
    ("OUÇA", TcpState::Listen),
    ("NASLOUCHÁ", TcpState::Listen),
    ("监听", TcpState::Listen),
    ("CLOSING", TcpState::Closing),
    ("FECHANDO", TcpState::Closing),
    ("ZAVÍRÁ", TcpState::Closing),
    ("UNKNOWN", TcpState::Unknown),
    ("UNBEKANNT", TcpState::Unknown),
    ("INCONNU", TcpState::Unknown),
    ("DESCONHECIDA", TcpState::Unknown),
    ("TUNDMATU", TcpState::Unknown),
    ("NEZNÁM", TcpState::Unknown),
    ("不明", TcpState::Unknown),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_by_its_own_name_and_number() {
        for (number, state) in TcpState::ALL.into_iter().enumerate() {
            assert_eq!(TcpState::parse(state.name()), Some(state));
            assert_eq!(TcpState::of_hex(&format!("{number:02X}")), Some(state));
        }
        assert_eq!(TcpState::parse("VERBUNDEN"), Some(TcpState::Established));
        assert_eq!(TcpState::parse("ESTABL"), None);
        assert_eq!(TcpState::of_hex("0E"), None);
    }
}
