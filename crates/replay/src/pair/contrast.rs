//! What differs between two moments, in one value.

use crate::frame::{CallKind, Frame, WalkView};
use crate::grid::Parity;
use crate::ports::Ports;

/// Two machines at the return of the same call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facing {
    /// In what they differ.
    pub contrast: Contrast,
    /// How full the range of the first one is.
    pub fill: Fill,
    /// Ports in use there, and all ports of its range.
    pub used: (u32, u32),
    /// Probes of either walk; `None` if the call didn't walk.
    pub probes: [Option<u32>; 2],
    /// The ports that either walk went over in vain before it began its second pass: which, and how
    /// many.
    pub passed: [Option<(Parity, u32)>; 2],
}

/// In what they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contrast {
    /// Nothing was done yet.
    Nothing,
    /// The call under the glass isn't the same one.
    Calls,
    /// It returned something else.
    Results,
    /// The same, after more or fewer probes.
    Probes,
    /// Other numbers of TIME_WAITs have ended in it.
    Ended([u32; 2]),
    /// It got another port, and did so in the same way.
    Ports,
    /// In nothing.
    Same,
}

/// How full a range is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Nothing is in use.
    Empty,
    /// Something is.
    Partly,
    /// Half of it, but for a hundredth.
    Half,
    /// All of it.
    Full,
}

impl Fill {
    fn of(used: u32, ports: u32) -> Fill {
        match used {
            0 => Fill::Empty,
            used if used >= ports => Fill::Full,
            used if (2 * used).abs_diff(ports) <= ports / 50 => Fill::Half,
            _ => Fill::Partly,
        }
    }
}

impl Facing {
    pub(super) fn of(frames: &[Frame; 2], ports: &[Ports; 2]) -> Facing {
        let walks = frames.each_ref().map(|frame| frame.walk.as_ref());
        let all = ports[0].cells.len() as u32;
        let used = all - ports[0].counts().free;
        Facing {
            contrast: Contrast::of(frames),
            fill: Fill::of(used, all),
            used: (used, all),
            probes: walks.map(|walk| walk.map(|walk| walk.probes)),
            passed: walks.map(|walk| passed(walk?)),
        }
    }
}

impl Contrast {
    fn of(frames: &[Frame; 2]) -> Contrast {
        let [Some(one), Some(other)] = frames.each_ref().map(|frame| frame.call.as_ref()) else {
            return Contrast::Nothing;
        };
        let probes = frames.each_ref().map(|frame| frame.walk.as_ref().map(|walk| walk.probes));
        match (&one.kind, &other.kind) {
            (CallKind::Advance { ended: a, .. }, CallKind::Advance { ended: b, .. }) => {
                if a == b {
                    Contrast::Same
                } else {
                    Contrast::Ended([*a, *b])
                }
            }
            // A close names the port, which may be another one.
            (a, b) if std::mem::discriminant(a) != std::mem::discriminant(b) => Contrast::Calls,
            _ if one.ret != other.ret => Contrast::Results,
            _ if probes[0] != probes[1] => Contrast::Probes,
            (CallKind::Close { .. }, _) => Contrast::Same,
            _ if one.port != other.port => Contrast::Ports,
            _ => Contrast::Same,
        }
    }
}

/// The ports of a first pass that was made in vain.
fn passed(walk: &WalkView) -> Option<(Parity, u32)> {
    let first = walk.order.sweeps().filter(|sweep| sweep.pass == 1);
    let steps: u32 = first.map(|sweep| sweep.steps).sum();
    (walk.order.passes() > 1 && walk.probes > steps).then(|| (Parity::of(walk.start), steps))
}
