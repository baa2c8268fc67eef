//! Views that are left alone while they show the same.
//!
//! Leptos, with erased types, takes every attribute off an element and puts it on again whenever
//! the view around it is made again, and the browser then computes all their styles. Of a step's
//! views nearly all show what they showed before.

use std::any::Any;

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState, Render};

/// The view that `make` makes of `shows`, and of nothing else: it's made again only when that
/// has changed.
pub fn same<T: PartialEq + Send + 'static>(
    shows: T,
    make: impl FnOnce() -> AnyView + Send + 'static,
) -> AnyView {
    Same { shows: Box::new(shows), make: Box::new(make) }.into_any()
}

/// What a view shows, whatever its type.
trait Shows: Any + Send {
    fn equals(&self, other: &dyn Shows) -> bool;
}

impl<T: PartialEq + Send + 'static> Shows for T {
    fn equals(&self, other: &dyn Shows) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<T>() == Some(self)
    }
}

struct Same {
    shows: Box<dyn Shows>,
    make: Box<dyn FnOnce() -> AnyView + Send>,
}

struct SameState {
    shows: Box<dyn Shows>,
    view: AnyViewState,
}

impl Render for Same {
    type State = SameState;

    fn build(self) -> SameState {
        SameState { shows: self.shows, view: (self.make)().build() }
    }

    fn rebuild(self, state: &mut SameState) {
        if !self.shows.equals(&*state.shows) {
            (self.make)().rebuild(&mut state.view);
            state.shows = self.shows;
        }
    }
}

impl Mountable for SameState {
    fn unmount(&mut self) {
        self.view.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.view.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.view.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.view.elements()
    }
}

impl AddAnyAttr for Same {
    type Output<NewAttr: Attribute> = <AnyView as AddAnyAttr>::Output<NewAttr>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        (self.make)().add_any_attr(attr)
    }
}

impl RenderHtml for Same {
    type AsyncOutput = AnyView;
    type Owned = Same;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> AnyView {
        (self.make)()
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        (self.make)().to_html_with_buf(html, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, at: &PositionState) -> SameState {
        SameState { shows: self.shows, view: (self.make)().hydrate::<FROM_SERVER>(cursor, at) }
    }

    fn into_owned(self) -> Same {
        self
    }
}
