//! A small bind hash: buckets, chains, and what the entry of one port says.

use error99_kernel::{Addr, Call, CloseHow, Config};
use error99_replay::Act;
use error99_replay::frame::PortCell;
use error99_replay::link::Saved;

use crate::machine::{Script, Server, small_host};

/// Sizes of the table.
pub const SIZES: [u32; 3] = [8, 16, 32];
/// The port whose holder can be chosen: the first one that the machine's client gets.
pub const CHOSEN: u16 = 32_780;

/// Who holds the chosen port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenHolder {
    /// A connection; the kernel chose the port.
    Connect,
    /// A socket that was bound to it.
    Bind,
    /// The same, with `SO_REUSEADDR`.
    BindReuse,
}

impl ChosenHolder {
    /// All of them.
    pub const ALL: [ChosenHolder; 3] =
        [ChosenHolder::Connect, ChosenHolder::Bind, ChosenHolder::BindReuse];
}

/// What the reader has chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Controls {
    /// Index of [`SIZES`].
    pub size: usize,
    /// Index of [`ChosenHolder::ALL`].
    pub holder: usize,
}

/// The table, and the way to the chosen port's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Chains by number of bucket, newest entry first.
    pub chains: Vec<Vec<Entry>>,
    /// Number of the chosen port's bucket.
    pub bucket: u32,
    /// Entries that are compared until the chosen port's is found, itself included.
    pub steps: u32,
    /// `fastreuse` of that entry.
    pub fastreuse: i8,
    /// Whether a walk passes the port over without another question.
    pub refused: bool,
}

/// The entry of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub port: u16,
    pub fastreuse: i8,
}

/// The chosen port first, then eleven connections; the gaps are connections that the server
/// closed.
fn script(controls: Controls) -> Script {
    let bhash_size = SIZES[controls.size % SIZES.len()];
    let mut script = Script::on(Config { bhash_size, ..small_host(32_768, 32_799) });
    let holder = ChosenHolder::ALL[controls.holder % ChosenHolder::ALL.len()];
    if holder == ChosenHolder::Connect {
        script.connect(Server::FIRST);
    } else {
        let s = script.socket();
        if holder == ChosenHolder::BindReuse {
            script.act(Act::Call(Call::Reuse { s, on: true }));
        }
        script.act(Act::Call(Call::Bind { s, addr: Addr::ANY, port: CHOSEN }));
    }
    for turn in 1_u32..32 {
        let s = script.connect(Server::FIRST);
        if 0x0125_1ca6_u32 >> turn & 1 == 0 {
            script.act(Act::Call(Call::close(s, CloseHow::Passive)));
        }
    }
    script
}

/// What the picture shows.
pub fn scene(controls: Controls) -> Scene {
    let mut machine = script(controls).run();
    machine.look_at(Server::FIRST.addr, Server::FIRST.port);
    let kernel = machine.kernel();
    let chain = |index| {
        let entry = |bucket: error99_kernel::BucketView| Entry {
            port: bucket.port,
            fastreuse: bucket.fastreuse.value(),
        };
        kernel.chain(index).map(entry).collect()
    };
    let chains: Vec<Vec<Entry>> = (0..kernel.bhash_size()).map(chain).collect();
    let bucket = kernel.bucket_index(CHOSEN);
    let place = chains[bucket as usize].iter().position(|entry| entry.port == CHOSEN).unwrap_or(0);
    Scene {
        bucket,
        steps: place as u32 + 1,
        fastreuse: kernel.bucket(CHOSEN).map_or(-1, |bucket| bucket.fastreuse.value()),
        refused: machine.ports().cell(CHOSEN) == Some(PortCell::Bind),
        chains,
    }
}

/// The machine, for the lab.
pub fn saved(controls: Controls) -> Saved {
    script(controls).saved(Server::FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dozen_ports_are_in_use_and_ports_that_are_the_tables_size_apart_share_a_chain() {
        for (size, buckets) in SIZES.into_iter().enumerate() {
            for holder in 0..3 {
                let scene = scene(Controls { size, holder });
                assert_eq!(scene.chains.len(), buckets as usize);
                assert_eq!(scene.chains.iter().flatten().count(), 12, "{buckets} {holder}");
                let apart = |two: &[Entry]| u32::from(two[0].port.abs_diff(two[1].port));
                for chain in scene.chains {
                    assert!(chain.windows(2).all(|two| apart(two).is_multiple_of(buckets)));
                }
            }
        }
    }

    #[test]
    fn a_larger_table_takes_steps_off_the_search_and_changes_no_answer() {
        let steps = |size| (0..3).map(move |holder| scene(Controls { size, holder }).steps);
        assert!(steps(0).all(|steps| steps == 3));
        assert!(steps(1).all(|steps| steps == 2));
        assert!(steps(2).all(|steps| steps == 1));
        for size in 0..3 {
            for (holder, (fastreuse, refused)) in
                [(-1, false), (0, true), (1, true)].into_iter().enumerate()
            {
                let scene = scene(Controls { size, holder });
                assert_eq!((scene.fastreuse, scene.refused), (fastreuse, refused));
            }
        }
    }
}
