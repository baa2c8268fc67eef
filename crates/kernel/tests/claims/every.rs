//! Claims about every call: what it costs, the names of its sockets, the limits of the model.

use error99_kernel::{
    Addr, CLOCK_MS_MAX, Call, CloseHow, Errno, Event, Kernel, Problem, Reply, SocketState,
};

use crate::machine::{SERVER, events, full_machine, machine, open, s};

#[test]
fn a_reply_says_how_much_a_call_took_also_where_it_failed() {
    let mut kernel = full_machine(5);
    let itself = kernel.apply(&Call::Dump).work;
    let beside = |kernel: &mut Kernel, call: Call| kernel.apply(&call).work - itself;
    open(&mut kernel, 5);
    assert_eq!(beside(&mut kernel, Call::connect(s(5), SERVER, 80)), 5, "a walk in vain");
    let any = Call::Bind { s: s(5), addr: Addr::ANY, port: 0 };
    assert_eq!(beside(&mut kernel, any), 5, "a search in vain");
    for number in 0..4 {
        assert_eq!(beside(&mut kernel, Call::close(s(number), CloseHow::Active)), 0);
    }
    let waiting = kernel.tw_count();
    assert!(beside(&mut kernel, Call::Advance { ms: 120_000 }) > waiting);
    assert_eq!((waiting, kernel.tw_count()), (4, 0));
    assert_eq!(beside(&mut kernel, Call::Dump), 0, "nothing is carried over");
}

#[test]
fn calls_outside_the_models_limits_are_refused_and_change_nothing() {
    let mut kernel = machine(5);
    open(&mut kernel, 5);
    let bind_any = Call::Bind { s: s(5), addr: Addr::ANY, port: 0 };
    for (call, problem) in [
        (Call::Socket { s: s(5) }, Problem::NameInUse),
        (Call::Socket { s: s(u32::MAX) }, Problem::ReservedName),
        (Call::Advance { ms: CLOCK_MS_MAX + 1 }, Problem::ClockLimit),
        (Call::Advance { ms: u64::MAX }, Problem::ClockLimit),
        (Call::Wall { sec: i64::MIN }, Problem::WallLimit),
        (Call::Wall { sec: i64::MAX }, Problem::WallLimit),
        (Call::ForceRange { low: 0, high: 5 }, Problem::RangeFromZero),
    ] {
        let before = format!("{:?}", kernel.socket(s(5)));
        assert_eq!(events(&mut kernel, &call), [Event::Problem(problem)]);
        let reply = kernel.apply(&call);
        assert_eq!((reply.ret, reply.problem), (-22, Some(problem)), "{problem}");
        assert_eq!(format!("{:?}", kernel.socket(s(5))), before);
    }
    kernel.apply(&Call::ForceRange { low: 9, high: 5 });
    for call in [bind_any, Call::Listen { s: s(5) }] {
        assert_eq!(kernel.apply(&call).problem, Some(Problem::EmptyRange));
        assert_eq!(kernel.socket(s(5)).unwrap().state, SocketState::Close);
    }
    let problems = [Problem::TooManySockets, Problem::NameInUse, Problem::EmptyRange];
    assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
}

#[test]
fn names_may_be_used_again_and_may_start_anywhere() {
    let mut kernel = machine(5);
    let near_the_end = u32::MAX - 1;
    for number in [near_the_end, near_the_end - 3] {
        open(&mut kernel, number);
    }
    for number in [near_the_end - 3, near_the_end] {
        assert!(kernel.socket(s(number)).is_some());
        kernel.apply(&Call::close(s(number), CloseHow::Plain));
    }
    for _ in 0..2 {
        open(&mut kernel, 7);
        kernel.apply(&Call::close(s(7), CloseHow::Plain));
    }
    assert_eq!(kernel.sockets().count(), 0);
}

#[test]
fn names_of_open_sockets_may_lie_as_far_apart_as_they_like() {
    let mut kernel = machine(5);
    let (mut open_names, mut seed) = (std::collections::BTreeSet::new(), 7_u32);
    for _ in 0..4_000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Near each other, around the end of what is found at once, or anywhere.
        let number = match seed >> 30 {
            0 => seed >> 8 & 31,
            1 => (1 << 20) - 4 + (seed >> 8 & 7),
            2 => u32::MAX - 1 - (seed >> 8 & 7),
            _ => seed >> 8 << 4,
        };
        let reply = match open_names.contains(&number) {
            true => kernel.apply(&Call::close(s(number), CloseHow::Plain)),
            false => kernel.apply(&Call::Socket { s: s(number) }),
        };
        assert_eq!(reply, Reply::OK, "{number}");
        if !open_names.insert(number) {
            open_names.remove(&number);
        }
        assert_eq!(kernel.socket(s(number)).is_some(), open_names.contains(&number));
    }
    assert_eq!(kernel.sockets().count(), open_names.len());
    assert!(open_names.iter().all(|number| kernel.socket(s(*number)).is_some()));
}

#[test]
fn a_name_that_is_not_open_is_a_bad_descriptor() {
    let mut kernel = machine(5);
    let call = Call::connect(s(9), SERVER, 80);
    assert_eq!(events(&mut kernel, &call), [Event::NoSuchSocket { s: s(9) }]);
    assert_eq!(kernel.apply(&call).errno(), Some(Errno::EBADF));
    assert_eq!(call.socket_name(), Some(s(9)));
    assert_eq!(Call::Dump.socket_name(), None);
}

#[test]
fn a_call_on_another_socket_differs_by_the_name_alone() {
    let on = |call: Call| {
        let other = call.on(s(9));
        assert_eq!((other.socket_name(), other.on(s(3))), (Some(s(9)), call));
    };
    on(Call::Socket { s: s(3) });
    on(Call::Window { s: s(3), low: 1, high: 2 });
    on(Call::connect(s(3), SERVER, 80));
    on(Call::AcceptWaiting { l: s(1), s: s(3) });
    on(Call::close(s(3), CloseHow::Active));
    assert_eq!(Call::Advance { ms: 5 }.on(s(9)), Call::Advance { ms: 5 });
}
