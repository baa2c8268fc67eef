//! Closures of views, boxed. Leptos compiles its machinery once for each type of closure and of
//! view, and the lab has hundreds: boxed, they are of a handful of types, and the page is the
//! lighter for it. ARCHITECTURE.md has the figures.

use leptos::prelude::{AnyView, IntoAny};

/// What an attribute or a property holds, computed again whenever a signal changes that it read.
pub fn live<T: 'static>(
    compute: impl FnMut() -> T + Send + 'static,
) -> Box<dyn FnMut() -> T + Send> {
    Box::new(compute)
}

/// A part of a view, made again whenever a signal changes that it read.
pub fn part<V: IntoAny>(
    mut make: impl FnMut() -> V + Send + 'static,
) -> Box<dyn FnMut() -> AnyView + Send> {
    Box::new(move || make().into_any())
}

/// What happens at an event.
pub fn heard<E: 'static>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// Keys that are pressed here are nobody else's: the lab's single keys don't act.
pub fn keep(event: leptos::ev::KeyboardEvent) {
    event.stop_propagation();
}

/// Several views, one after another.
pub trait Listed {
    /// All of them.
    fn listed(self) -> Vec<AnyView>;
}

impl<V: IntoAny, I: Iterator<Item = V>> Listed for I {
    fn listed(self) -> Vec<AnyView> {
        let mut list = Vec::new();
        self.for_each(|view| list.push(view.into_any()));
        list
    }
}
