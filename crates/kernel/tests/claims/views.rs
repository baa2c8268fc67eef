//! Claims about what can be asked between calls.

use error99_kernel::{
    Addr, Call, Config, Event, Fastreuse, HZ, Kernel, OwnerView, PortState, Release,
};

use crate::machine::{LOW, OWN, SERVER, close, connect, events, full_machine, machine, open, s};

#[test]
fn a_survey_shows_every_kind_of_port() {
    let mut kernel = full_machine(3);
    close(&mut kernel, 0);
    open(&mut kernel, 3);
    kernel.apply(&Call::Bind { s: s(3), addr: Addr::ANY, port: 40_010 });
    open(&mut kernel, 4);
    kernel.apply(&Call::ForceRange { low: 40_011, high: 40_011 });
    kernel.apply(&Call::connect(s(4), Addr::new(10, 0, 0, 3), 80));
    let states: Vec<PortState> = kernel.survey(LOW, 40_012, OWN, SERVER, 80).collect();
    let count = |wanted: &dyn Fn(&PortState) -> bool| states.iter().filter(|s| wanted(s)).count();
    assert_eq!(count(&|state| *state == PortState::LiveSame), 2);
    assert_eq!(count(&|state| matches!(state, PortState::Timewait { ends_ms: 60_000, .. })), 1);
    assert_eq!(states[10..], [PortState::BindOwned, PortState::LiveOther, PortState::Free]);
}

#[test]
fn views_of_a_port_show_its_bucket_and_owners_newest_first() {
    let mut kernel = machine(1);
    for (number, dst) in (0..).zip([SERVER, Addr::new(10, 0, 0, 3), Addr::new(10, 0, 0, 4)]) {
        open(&mut kernel, number);
        kernel.apply(&Call::connect(s(number), dst, 80));
    }
    close(&mut kernel, 1);
    let bucket = kernel.bucket(LOW).unwrap();
    assert_eq!((bucket.fastreuse, bucket.num_owners), (Fastreuse::Automatic, 2));
    assert_eq!((bucket.owners, bucket.timewait_owners), (3, 1));
    let owners: Vec<OwnerView> = kernel.owners(LOW).collect();
    let OwnerView::Timewait(newest) = owners[0] else { panic!("{owners:?}") };
    assert_eq!(newest.tuple.faddr, Addr::new(10, 0, 0, 3));
    let names = owners.iter().filter_map(|owner| match owner {
        OwnerView::Live(socket) => socket.name,
        OwnerView::Timewait(_) => None,
    });
    assert_eq!(names.collect::<Vec<_>>(), [s(2), s(0)]);
    assert_eq!(kernel.chain(kernel.bucket_index(LOW)).collect::<Vec<_>>(), [bucket]);
    assert_eq!(kernel.chain(u32::MAX).count(), 0);
    assert_eq!(kernel.owners(1).count(), 0);
    assert_eq!(kernel.sockets().count(), 2);
    let tuple = kernel.socket(s(0)).unwrap().tuple();
    let (ehash, slot) = kernel.established_slot(&tuple);
    assert_eq!(slot, ehash % kernel.ehash_size());
    assert_eq!(tuple.to_string(), "10.0.0.1:40000 > 10.0.0.2:80");
}

#[test]
fn a_kernel_says_more_bytes_the_more_sockets_it_holds() {
    for release in [Release::V2_6_32, Release::V6_18] {
        let mut kernel = Kernel::new(&Config::of(release)).unwrap();
        let bytes = kernel.bytes();
        for number in 0..300 {
            open(&mut kernel, number);
            connect(&mut kernel, number);
            close(&mut kernel, number);
        }
        assert!(kernel.bytes() >= bytes + 300 * 50, "{release:?}");
    }
}

/// The home of a walk to the server, as the walk itself tells it.
fn home_of_a_walk(kernel: &Kernel) -> u16 {
    let mut kernel = kernel.clone();
    open(&mut kernel, 0);
    let told = events(&mut kernel, &Call::connect(s(0), SERVER, 80));
    let home = told.iter().find_map(|event| match event {
        Event::WalkStarted { home, .. } => Some(*home),
        _ => None,
    });
    home.expect("it walks")
}

#[test]
fn a_home_that_moves_is_that_of_a_walk_and_moves_at_the_very_millisecond() {
    let home = |kernel: &Kernel| kernel.moving_home(OWN, SERVER, 80).expect("it moves");
    for hz in HZ {
        for phase_us in [0, 500] {
            let config = Config { phase_us, ..Config::of(Release::V6_18).ticking(hz) };
            let mut kernel = Kernel::new(&config).unwrap();
            let mut homes = Vec::new();
            for round in 0..4 {
                let now = home(&kernel);
                homes.push(now.port);
                assert_eq!(now.port, home_of_a_walk(&kernel), "{hz}");
                assert!(now.stays_ms == 10_000 && (1..=10_000).contains(&now.left_ms), "{now:?}");
                assert!(round == 0 || now.left_ms > 9_980, "{hz}: it has just moved: {now:?}");
                kernel.apply(&Call::Advance { ms: now.left_ms - 1 });
                let last = home(&kernel);
                assert_eq!((last.port, last.left_ms), (now.port, 1), "{hz} {phase_us}");
                kernel.apply(&Call::Advance { ms: 1 });
            }
            homes.dedup();
            assert_eq!(homes.len(), 4, "each time it moved: {homes:?}");
        }
    }
}

#[test]
fn a_home_stays_where_no_clock_is_in_the_hash_or_another_number_is_in_its_place() {
    let moves = |release: &Release| {
        let kernel = Kernel::new(&Config::of(*release)).unwrap();
        kernel.moving_home(OWN, SERVER, 80).is_some()
    };
    let first = Release::ALL.into_iter().find(moves);
    assert_eq!(first, Some(Release::V4_19Late));
    let later = Release::ALL.into_iter().filter(|release| Some(*release) >= first);
    assert!(later.clone().all(|release| moves(&release)));
    assert!(Release::ALL.into_iter().all(|it| !(it.rules().changes_key() && moves(&it))));
    let mut kernel = Kernel::new(&Config::of(Release::V6_18)).unwrap();
    kernel.apply(&Call::Offset { v: Some(7) });
    assert_eq!(kernel.moving_home(OWN, SERVER, 80), None);
    // Nobody walks over an upside-down range, and nobody falls over one.
    kernel.apply(&Call::Offset { v: None });
    kernel.apply(&Call::ForceRange { low: 50_000, high: 40_000 });
    assert!(kernel.moving_home(OWN, SERVER, 80).is_some());
}
