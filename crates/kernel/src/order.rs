//! The order of a walk, as a value: which step visits which port.
//!
//! The walk itself goes by it, and so does whoever shows a walk: nobody else needs to know how
//! `__inet_hash_connect` (`net/ipv4/inet_hashtables.c`) steps.

/// The order in which one walk visits the ports of its range.
///
/// Steps count from 1. A walk that finds nothing makes all of them; a range that is upside down
/// has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkOrder {
    low: u16,
    high: u16,
    offset: u32,
}

/// Steps of a walk that go upwards through the range without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Which pass over the range it belongs to, from 1.
    pub pass: u8,
    /// Which step of the walk its first one is, from 1.
    pub first_step: u32,
    /// The port of that step.
    pub first_port: u16,
    /// From one port to the next.
    pub stride: u16,
    /// How many steps it has, at least 1.
    pub steps: u32,
}

impl Sweep {
    /// Its last step.
    pub const fn last_step(&self) -> u32 {
        self.first_step + (self.steps - 1)
    }

    /// The port of its last step.
    pub const fn last_port(&self) -> u16 {
        self.port(self.steps - 1)
    }

    /// The port `ahead` steps behind its first one.
    const fn port(&self, ahead: u32) -> u16 {
        self.first_port + (ahead * self.stride as u32) as u16
    }

    /// The port that a step visits, if the step belongs to it.
    pub fn port_of(&self, step: u32) -> Option<u16> {
        let ahead = step.checked_sub(self.first_step)?;
        (ahead < self.steps).then(|| self.port(ahead))
    }

    /// The step that visits a port, if one of its steps does.
    pub fn step_of(&self, port: u16) -> Option<u32> {
        let above = port.checked_sub(self.first_port)?;
        let ahead = u32::from(above / self.stride);
        (above.is_multiple_of(self.stride) && ahead < self.steps).then(|| self.first_step + ahead)
    }
}

impl WalkOrder {
    /// Every port in turn: step i visits low + ((i + offset) mod 2^32) mod size, where size is
    /// that of the range.
    pub const fn every_port(low: u16, high: u16, offset: u32) -> WalkOrder {
        WalkOrder { low, high, offset }
    }

    /// Lowest port of the range.
    pub const fn low(&self) -> u16 {
        self.low
    }

    /// Highest port of the range.
    pub const fn high(&self) -> u16 {
        self.high
    }

    /// What the walk starts from: where in the range, once it's brought down to its size.
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Ports in the range.
    pub const fn ports(&self) -> u32 {
        range_size(self.low, self.high)
    }

    /// Steps of a walk that finds nothing.
    pub const fn steps(&self) -> u32 {
        self.ports()
    }

    /// How often the walk goes over the range.
    pub fn passes(&self) -> u8 {
        self.sweeps().last().map_or(0, |sweep| sweep.pass)
    }

    /// The walk, cut where the next port isn't `stride` above: at the range's end, where a pass
    /// ends, and where i + offset passes 2^32. After the last of these it visits some ports
    /// twice, and others never.
    pub fn sweeps(&self) -> impl Iterator<Item = Sweep> + use<> {
        let (low, offset, size) = (self.low, self.offset, self.ports());
        let mut next = 1;
        std::iter::from_fn(move || {
            if next > size {
                return None;
            }
            let first_step = next;
            let sum = first_step.wrapping_add(offset);
            let place = sum % size;
            let until_2_to_32 = sum.wrapping_neg().wrapping_sub(1).saturating_add(1);
            let steps = (size - place).min(size + 1 - first_step).min(until_2_to_32);
            next += steps;
            Some(Sweep { pass: 1, first_step, first_port: low + place as u16, stride: 1, steps })
        })
    }

    /// The port that a step visits; `low` for a step that the walk doesn't make.
    pub fn port_of(&self, step: u32) -> u16 {
        self.sweeps().find_map(|sweep| sweep.port_of(step)).unwrap_or(self.low)
    }

    /// The step that first visits a port; `None` if no step does.
    pub fn step_of(&self, port: u16) -> Option<u32> {
        self.sweeps().find_map(|sweep| sweep.step_of(port))
    }

    /// The last step before the walk goes on at the bottom of the range, if it ever does within
    /// a pass.
    pub fn wrap(&self) -> Option<u32> {
        let goes_on = |(sweep, next): &(Sweep, Sweep)| sweep.pass == next.pass;
        let pairs = self.sweeps().zip(self.sweeps().skip(1));
        pairs.filter(goes_on).map(|(sweep, _)| sweep.last_step()).next()
    }

    /// Ports of the range that no step visits.
    pub fn unvisited(&self) -> u32 {
        let never = |port: &u16| self.step_of(*port).is_none();
        (self.low..=self.high).filter(never).count() as u32
    }
}

/// Ports in a range; 0 if it is upside down.
pub const fn range_size(low: u16, high: u16) -> u32 {
    (high as u32 + 1).saturating_sub(low as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formula of the walk, step by step.
    fn by_formula(low: u16, high: u16, offset: u32) -> Vec<(u32, u16)> {
        let size = u32::from(high - low) + 1;
        (1..=size).map(|i| (i, low + (i.wrapping_add(offset) % size) as u16)).collect()
    }

    fn by_sweeps(order: WalkOrder) -> Vec<(u32, u16)> {
        let steps = |sweep: Sweep| {
            (sweep.first_step..=sweep.last_step())
                .map(move |step| (step, sweep.port_of(step).expect("its own step")))
        };
        order.sweeps().flat_map(steps).collect()
    }

    /// Ranges small and large, and offsets on both sides of the wrap at 2^32.
    fn orders() -> Vec<(u16, u16, u32)> {
        let offsets = (0..40).chain(u32::MAX - 40..=u32::MAX).chain([1 << 31, 0x8000_0001]);
        let ranges = [(1, 1), (40_000, 40_006), (40_000, 40_031), (65_530, 65_535)];
        let small = offsets.flat_map(|offset| ranges.map(|(low, high)| (low, high, offset)));
        let large = [0, u32::MAX, u32::MAX - 30_000, u32::MAX - 70_000];
        small.chain(large.map(|offset| (1, 65_535, offset))).collect()
    }

    #[test]
    fn sweeps_visit_the_ports_of_the_formula_in_its_order() {
        for (low, high, offset) in orders() {
            let order = WalkOrder::every_port(low, high, offset);
            assert_eq!(by_sweeps(order), by_formula(low, high, offset), "{order:?}");
        }
    }

    #[test]
    fn a_step_has_the_port_of_the_formula_and_a_port_its_first_step() {
        for (low, high, offset) in orders().into_iter().filter(|(low, ..)| *low > 1) {
            let order = WalkOrder::every_port(low, high, offset);
            let visits = by_formula(low, high, offset);
            for (step, port) in &visits {
                assert_eq!(order.port_of(*step), *port, "{order:?}");
            }
            for port in low..=high {
                let first = visits.iter().find(|(_, visited)| *visited == port);
                assert_eq!(order.step_of(port), first.map(|(step, _)| *step), "{order:?}");
            }
            let unvisited = (low..=high).filter(|port| visits.iter().all(|(_, p)| p != port));
            assert_eq!(order.unvisited(), unvisited.count() as u32, "{order:?}");
            assert_eq!((order.steps(), order.passes()), (order.ports(), 1));
        }
    }

    #[test]
    fn the_wrap_is_the_last_step_before_the_walk_goes_on_at_the_lowest_port() {
        for (low, high, offset) in orders().into_iter().filter(|(low, ..)| *low > 1) {
            let visits = by_formula(low, high, offset);
            let first = visits.windows(2).find(|pair| pair[1].1 == low).map(|pair| pair[0].0);
            assert_eq!(WalkOrder::every_port(low, high, offset).wrap(), first, "{offset}");
        }
    }

    #[test]
    fn a_range_that_is_upside_down_has_no_steps() {
        for high in [49_999, 1] {
            let order = WalkOrder::every_port(50_000, high, 7);
            assert_eq!(order.sweeps().count(), 0);
            assert_eq!((order.steps(), order.passes(), order.wrap()), (0, 0, None));
            assert_eq!((order.port_of(1), order.step_of(50_000)), (50_000, None));
            assert_eq!(order.unvisited(), 0);
        }
    }

    #[test]
    fn a_walk_past_two_to_the_32_visits_some_ports_twice_and_others_never() {
        assert_eq!(WalkOrder::every_port(40_000, 40_006, u32::MAX - 4).unvisited(), 3);
    }
}
