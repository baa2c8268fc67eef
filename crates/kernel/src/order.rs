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
    way: Way,
}

/// The ways of going over a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Every port in turn, and the sum wraps at 2^32.
    EveryPort,
    /// The same, but from an even sum on, which the first step doesn't move.
    EvenStart,
    /// Every port in turn, from the offset on.
    InTurn,
    /// Every second port, then the others; of a range with an odd size one is left out.
    TwoPasses,
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

    /// What is left of it behind its first steps.
    pub(crate) const fn from(&self, done: u32) -> Sweep {
        Sweep {
            first_step: self.first_step + done,
            first_port: if done < self.steps { self.port(done) } else { self.first_port },
            steps: self.steps - done,
            ..*self
        }
    }

    /// The port `ahead` steps behind its first one.
    pub(crate) const fn port(&self, ahead: u32) -> u16 {
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
    /// that of the range. Up to 4.1.
    pub const fn every_port(low: u16, high: u16, offset: u32) -> WalkOrder {
        WalkOrder { low, high, offset, way: Way::EveryPort }
    }

    /// Every port in turn: step i visits low + ((i − 1 + `sum`) mod 2^32) mod size, where `sum` is
    /// made even. From 4.2 to 4.5, and in RHEL 7.
    pub const fn even_start(low: u16, high: u16, sum: u32) -> WalkOrder {
        WalkOrder { low, high, offset: sum & !1, way: Way::EvenStart }
    }

    /// Every second port, from low + `sum` mod size on, made even, and then those between. The
    /// size is that of the range, but if it is odd the ring is one port shorter: as the walk wraps
    /// at the range's true end, one port that depends on the start is left out. Since 4.6.
    pub const fn two_passes(low: u16, high: u16, sum: u32) -> WalkOrder {
        let mut order = WalkOrder { low, high, offset: 0, way: Way::TwoPasses };
        if order.ring() > 0 {
            order.offset = (sum % order.ring()) & !1;
        }
        order
    }

    /// Every port in turn, from low + `sum` mod size on: for a socket with a range of its own,
    /// since 6.8.
    pub const fn in_turn(low: u16, high: u16, sum: u32) -> WalkOrder {
        let mut order = WalkOrder { low, high, offset: 0, way: Way::InTurn };
        if order.ring() > 0 {
            order.offset = sum % order.ring();
        }
        order
    }

    /// Lowest port of the range.
    pub const fn low(&self) -> u16 {
        self.low
    }

    /// Highest port of the range.
    pub const fn high(&self) -> u16 {
        self.high
    }

    /// What the walk starts from: up to 4.5 a sum of 32 bits that is brought down to the range's
    /// size, later the distance of its first port from the lowest one.
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Ports in the range.
    pub const fn ports(&self) -> u32 {
        range_size(self.low, self.high)
    }

    /// Ports of the ring that the walk goes around in (`remaining`).
    pub const fn ring(&self) -> u32 {
        match (self.way, self.ports()) {
            (Way::TwoPasses, ports) if ports > 1 => ports & !1,
            (_, ports) => ports,
        }
    }

    /// From one port to the next.
    pub const fn stride(&self) -> u16 {
        match self.way {
            Way::EveryPort | Way::EvenStart | Way::InTurn => 1,
            Way::TwoPasses => 2,
        }
    }

    /// Steps of a walk that finds nothing.
    pub const fn steps(&self) -> u32 {
        self.ring()
    }

    /// Steps of a pass.
    const fn pass_steps(&self) -> u32 {
        self.ring().div_ceil(self.stride() as u32)
    }

    /// How often the walk goes over the range.
    pub fn passes(&self) -> u8 {
        self.sweeps().last().map_or(0, |sweep| sweep.pass)
    }

    /// How far a step is in its pass, as the kernel counts: its `i`, which begins at 1 up to 4.1
    /// and at 0 later.
    pub const fn distance(&self, step: u32) -> u32 {
        match self.way {
            Way::EveryPort => step,
            Way::EvenStart => step - 1,
            Way::InTurn | Way::TwoPasses => (step - 1) % self.pass_steps() * self.stride() as u32,
        }
    }

    /// The walk, cut where the next port isn't `stride` above: at the range's end, where a pass
    /// ends, and where i + offset passes 2^32. After the last of these it visits some ports
    /// twice, and others never.
    pub fn sweeps(&self) -> impl Iterator<Item = Sweep> + use<> {
        let order = *self;
        let mut next = 1;
        std::iter::from_fn(move || {
            if next > order.steps() {
                return None;
            }
            let sweep = order.sweep(next);
            next += sweep.steps;
            Some(sweep)
        })
    }

    /// The sweep that begins with that step.
    const fn sweep(&self, first_step: u32) -> Sweep {
        match self.way {
            Way::EveryPort | Way::EvenStart => self.sweep_of_sum(first_step),
            Way::InTurn | Way::TwoPasses => self.sweep_of_pass(first_step),
        }
    }

    const fn sweep_of_sum(&self, first_step: u32) -> Sweep {
        let size = self.ports();
        let sum = self.distance(first_step).wrapping_add(self.offset);
        let place = sum % size;
        let until_2_to_32 = sum.wrapping_neg().wrapping_sub(1).saturating_add(1);
        let steps = min(min(size - place, size + 1 - first_step), until_2_to_32);
        Sweep { pass: 1, first_step, first_port: self.low + place as u16, stride: 1, steps }
    }

    const fn sweep_of_pass(&self, first_step: u32) -> Sweep {
        let (pass, stride) = ((first_step - 1) / self.pass_steps(), self.stride() as u32);
        let place = self.offset + pass + self.distance(first_step);
        // The walk goes back by the ring once it is beyond the range.
        let above = if place < self.ports() { place } else { place - self.ring() };
        let until_end = (self.ports() - above).div_ceil(stride);
        let steps = min(until_end, (pass + 1) * self.pass_steps() + 1 - first_step);
        Sweep {
            pass: pass as u8 + 1,
            first_step,
            first_port: self.low + above as u16,
            stride: stride as u16,
            steps,
        }
    }

    /// The port that the first step visits, if there is one.
    pub(crate) const fn first_port(&self) -> Option<u16> {
        match self.steps() {
            0 => None,
            _ => Some(self.sweep(1).first_port),
        }
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

const fn min(a: u32, b: u32) -> u32 {
    if a < b { a } else { b }
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
    fn a_walk_from_an_even_sum_is_one_from_the_sum_before_it() {
        for (low, high, sum) in orders() {
            let even = WalkOrder::even_start(low, high, sum);
            assert_eq!(even.offset(), sum - sum % 2);
            let before = WalkOrder::every_port(low, high, even.offset().wrapping_sub(1));
            assert_eq!(by_sweeps(even), by_sweeps(before), "{even:?}");
            assert_eq!((even.distance(1), even.passes()), (0, 1));
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
