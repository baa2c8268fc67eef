//! The lab comes to life piece by piece, each in a task of its own: a phone, four times as slow as
//! a desk, is never held up for long, and the browser lays out one region at a time.

use leptos::prelude::*;
#[cfg(feature = "csr")]
use wasm_bindgen::JsCast;
#[cfg(feature = "csr")]
use web_sys::{Element, HtmlElement, Node};

#[cfg(feature = "csr")]
use super::state::later;
use crate::ui::boxed::part;

/// How far the lab has come.
#[derive(Clone, Copy)]
pub struct Pieces {
    /// So many pieces are built.
    built: RwSignal<usize>,
    /// So many are known; building one may make others known.
    known: StoredValue<usize>,
    /// Whether all of them stand in the page.
    placed: RwSignal<bool>,
}

impl Pieces {
    /// All pieces at once, as a page is written.
    #[cfg(feature = "ssr")]
    pub fn written() -> Pieces {
        Pieces::from(usize::MAX)
    }

    /// None is there yet.
    #[cfg(feature = "csr")]
    pub fn to_build() -> Pieces {
        Pieces::from(0)
    }

    #[cfg(any(feature = "ssr", feature = "csr"))]
    fn from(built: usize) -> Pieces {
        Pieces {
            built: RwSignal::new(built),
            known: StoredValue::new(0),
            placed: RwSignal::new(false),
        }
    }

    /// One piece: nothing until its turn has come.
    pub fn piece<V: IntoAny>(
        self,
        make: impl Fn() -> V + Send + 'static,
    ) -> Box<dyn FnMut() -> AnyView + Send> {
        let at = self.known.get_value();
        self.known.set_value(at + 1);
        let there = Memo::new(move |_| self.built.get() > at);
        part(move || there.get().then(|| make().into_any()))
    }

    /// Whether all pieces stand in the page.
    pub fn placed(self) -> bool {
        self.placed.get()
    }

    /// Builds the pieces that are inside of `aside`, then puts them into `host` in the place of
    /// what was written there, then does `then`.
    #[cfg(feature = "csr")]
    pub fn build(self, aside: HtmlElement, host: HtmlElement, then: impl FnOnce() + 'static) {
        later(move || {
            let built = self.built.get_untracked();
            if built < self.known.get_value() {
                self.built.set(built + 1);
                self.build(aside, host, then);
            } else {
                let written = host.first_child();
                self.place(aside, host, written, then);
            }
        });
    }

    /// Replaces what was written, from the node `written` on, region by region.
    #[cfg(feature = "csr")]
    fn place(
        self,
        aside: HtmlElement,
        host: HtmlElement,
        written: Option<Node>,
        then: impl FnOnce() + 'static,
    ) {
        let coming = region(aside.first_child());
        if coming.is_empty() {
            let mut rest = written;
            while let Some(node) = rest {
                rest = node.next_sibling();
                let _ = host.remove_child(&node);
            }
            self.placed.set(true);
            return then();
        }
        let going = region(written);
        let next = going.last().and_then(Node::next_sibling);
        for node in &coming {
            let _ = host.insert_before(node, going.first());
        }
        for node in &going {
            let _ = host.remove_child(node);
        }
        later(move || self.place(aside, host, next, then));
    }
}

/// From this node to the first element, both included.
#[cfg(feature = "csr")]
fn region(from: Option<Node>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut next = from;
    while let Some(node) = next {
        next = match node.has_type::<Element>() {
            true => None,
            false => node.next_sibling(),
        };
        nodes.push(node);
    }
    nodes
}
