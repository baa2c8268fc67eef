//! What the benchmarks measure: prepared machines, and the failing walk over them in a form
//! that a native program (`main.rs`) and a browser (the exports below) run alike.

pub mod machines;

use error99_kernel::Kernel;
use machines::{Holders, PORTS, failing_connect, full_machine};

/// The machines of the comparison with the browser, by the names that it prints.
pub const COMPARED: [(&str, Holders); 2] = [
    ("live connections in port order", Holders::LiveInPortOrder),
    ("owned by bind", Holders::Bind),
];

/// A machine of [`COMPARED`], by its place.
pub fn machine(place: usize) -> Option<Kernel> {
    COMPARED.get(place).map(|(_, holders)| full_machine(*holders))
}

/// Walks the whole range in vain, so many times; how many ports that were.
pub fn walk(kernel: &mut Kernel, times: u32) -> u32 {
    (0..times).filter(|_| failing_connect(kernel) != 0).count() as u32 * PORTS
}

/// What a page calls.
#[cfg(target_arch = "wasm32")]
mod exports {
    // A name that is exported as it stands could clash with another library's; nothing else
    // is in this module of WebAssembly.
    #![allow(unsafe_code)]

    use error99_kernel::Kernel;
    use std::cell::RefCell;

    thread_local! {
        static MACHINE: RefCell<Option<Kernel>> = const { RefCell::new(None) };
    }

    /// Boots and fills a machine of [`super::COMPARED`].
    #[unsafe(no_mangle)]
    pub extern "C" fn prepare(place: usize) {
        MACHINE.set(super::machine(place));
    }

    /// [`super::walk`] over the machine prepared last.
    #[unsafe(no_mangle)]
    pub extern "C" fn walk(times: u32) -> u32 {
        MACHINE.with_borrow_mut(|machine| {
            machine.as_mut().map_or(0, |kernel| super::walk(kernel, times))
        })
    }
}
