//! The bind hash: the probed bucket among its neighbours, and its chain, entry by entry.

use std::sync::Arc;

use error99_replay::frame::{ChainView, Frame, Knobs, NodeView, TapeItem, WalkView};
use error99_replay::listing::Spot;
use error99_replay::tape::UNFOLDED_MAX;
use leptos::prelude::*;

use super::kept::{Kept, kept};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::ui::boxed::{live, part};
use crate::ui::mark::cell_class;
use crate::ui::same::same;

/// Nodes that a chain shows before it is folded.
const NODES: usize = 7;

/// The region "Bind hash".
#[component]
pub fn BindHash(lang: Lang, #[prop(into)] frame: Signal<Arc<Frame>>) -> impl IntoView {
    let there =
        |frame: &Frame| frame.bucket.is_some() && frame.walk.is_some() && !frame.failed_99();
    let Kept { frame, now } = kept(frame, there);
    let few = Memo::new(move |_| {
        frame.read().walk.as_ref().is_some_and(|walk| walk.steps() <= UNFOLDED_MAX)
    });
    view! {
        <section class="bhash" aria-label=t::bind_hash(lang)>
            <p class="hint" hidden=now>{t::bhash_idle(lang)}</p>
            <div hidden=live(move || !now.get())>
                <p class="slots-head">
                    {looked_at(frame, move |frame, bucket, _| head(lang, &frame.machine, bucket))}
                </p>
                <div class="slots" class:few=few>
                    {looked_at(frame, move |_, bucket, walk| slots(lang, walk, bucket).into_any())}
                </div>
                <ol class="chain" aria-label=t::chain_label(lang)>
                    {looked_at(frame, move |frame, bucket, _| chain(lang, bucket, frame.reached(Spot::Search)))}
                </ol>
            </div>
        </section>
    }
    .into_any()
}

/// A part of the view of the bucket that is looked at.
fn looked_at(
    frame: Signal<Arc<Frame>>,
    make: impl Fn(&Frame, &ChainView, &WalkView) -> AnyView + Send + 'static,
) -> impl IntoView {
    part(move || {
        let frame = frame.read();
        Some(make(&frame, frame.bucket.as_ref()?, frame.walk.as_ref()?))
    })
}

/// How the bucket follows from the port, and what is searched. `mix` is 0 unless network namespaces
/// are compiled in, and isn't shown then.
fn head(lang: Lang, machine: &Knobs, bucket: &ChainView) -> AnyView {
    let (port, index, mask, mix) = (bucket.port, bucket.index, bucket.mask, machine.mix);
    same((port, index, mask, mix), move || {
        let mixed = match mix {
            0 => port.to_string(),
            mix => format!("({port} + {mix})"),
        };
        view! {
            <span class="h">
                <code>"bhash"</code>
                <small class="mono">
                    {mixed} " & " {mask} " = " <b class="acc">{index}</b>
                </small>
            </span>
            <span class="acc">{t::search_chain(lang, thousands(port))}</span>
        }
        .into_any()
    })
}

/// The buckets of the ports around the cursor, each under its own cell of the tape.
fn slots(lang: Lang, walk: &WalkView, bucket: &ChainView) -> impl IntoView + use<> {
    let here = walk.probe.as_ref().map_or(0, |probe| probe.i);
    let whole = walk.steps() <= UNFOLDED_MAX;
    walk.tape
        .iter()
        .filter_map(|item| match *item {
            TapeItem::Cell { i, bucket: (index, chain), .. } if i.abs_diff(here) <= 2 => {
                Some(slot(lang, index, chain, index == bucket.index && i == here))
            }
            _ if whole => None,
            TapeItem::Cell { .. } => Some(room("room")),
            TapeItem::Fold { .. } => Some(room("room fold")),
            TapeItem::Wrap | TapeItem::NextPass => Some(room("room seam")),
        })
        .collect::<Vec<_>>()
}

/// Room as wide as a place of the tape.
fn room(class: &'static str) -> AnyView {
    same(class, move || view! { <span class=class></span> }.into_any())
}

fn slot(lang: Lang, index: u32, chain: u32, here: bool) -> AnyView {
    same((index, chain, here), move || {
        let ticks = (0..chain.min(9)).map(|_| view! { <i></i> }).collect_view();
        view! {
            <span class="slot" class:on=here>
                <span class="vh">{t::bucket_label(lang, thousands(index), chain)}</span>
                <span aria-hidden="true">{thousands(index)}</span>
                {(!here).then(|| view! { <span class="n" aria-hidden="true">{ticks}</span> })}
            </span>
        }
        .into_any()
    })
}

fn chain(lang: Lang, bucket: &ChainView, searched: bool) -> AnyView {
    let port = thousands(bucket.port);
    let nothing = |text: String| view! { <li class="node none"><span class="cmp"></span><div class="box">{text}</div></li> };
    if bucket.chain.is_empty() {
        return nothing(t::chain_empty(lang).into()).into_any();
    }
    let scanned = bucket.scanned as usize;
    let hit = bucket.found.then(|| scanned.saturating_sub(1));
    let nodes = folded(bucket.chain.len(), hit)
        .into_iter()
        .map(|run| match run {
            ChainPart::Node(at) => {
                let place = match at {
                    _ if !searched => NodePlace::Later,
                    _ if Some(at) == hit => NodePlace::Hit,
                    _ if at < scanned => NodePlace::Passed,
                    _ => NodePlace::Later,
                };
                let shown = bucket.chain[at].clone();
                let said = match place {
                    NodePlace::Passed => t::node_not(lang, &port),
                    NodePlace::Hit => t::node_found(lang).to_owned(),
                    NodePlace::Later if searched => t::node_later(lang).to_owned(),
                    NodePlace::Later => String::new(),
                };
                same((shown.clone(), place, said.clone()), move || node(lang, shown, place, said))
            }
            ChainPart::Gap(count) => same(count, move || {
                view! {
                    <li class="node gap">
                        <span class="cmp"></span>
                        <div class="box">{t::node_gap(lang, thousands(count as u32))}</div>
                    </li>
                }
                .into_any()
            }),
        })
        .collect::<Vec<_>>();
    let missed = (searched && !bucket.found && bucket.chain.len() <= 3)
        .then(|| nothing(t::chain_missed(lang, &port)));
    view! { {nodes} {missed} }.into_any()
}

#[derive(Debug, PartialEq, Eq)]
enum ChainPart {
    Node(usize),
    Gap(usize),
}

/// Which entries of a chain are shown: all of a short one; of a long one the first three, the
/// one that is found with its neighbours, and how many lie between.
fn folded(len: usize, hit: Option<usize>) -> Vec<ChainPart> {
    if len <= NODES {
        return (0..len).map(ChainPart::Node).collect();
    }
    let hit = hit.unwrap_or(len - 1);
    let shown = |at: usize| at < 2 || at.abs_diff(hit) <= 1;
    let mut runs = Vec::new();
    let mut gap = 0;
    for at in 0..len {
        if !shown(at) {
            gap += 1;
            continue;
        }
        if gap > 0 {
            runs.push(ChainPart::Gap(gap));
        }
        gap = 0;
        runs.push(ChainPart::Node(at));
    }
    if gap > 0 {
        runs.push(ChainPart::Gap(gap));
    }
    runs
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum NodePlace {
    Passed,
    Hit,
    Later,
}

/// An entry of the chain; `said` is what was found out about it.
fn node(lang: Lang, node: NodeView, place: NodePlace, said: String) -> AnyView {
    let (class, sign) = match place {
        NodePlace::Passed => ("node passed", Some(Icon::NotEqual)),
        NodePlace::Hit => ("node hit", Some(Icon::Equal)),
        NodePlace::Later => ("node later", None),
    };
    view! {
        <li class=class>
            {same((sign, said.clone()), move || {
                view! { <span class="cmp">{sign.map(icon)} {said}</span> }.into_any()
            })}
            {same(node.clone(), move || entry(lang, &node))}
        </li>
    }
    .into_any()
}

/// What an entry of the chain holds.
fn entry(lang: Lang, node: &NodeView) -> AnyView {
    let cell =
        node.cell.map(|cell| view! { <span class=format!("{} mark", cell_class(cell))></span> });
    let fastreuse = match node.fastreuse {
        -1 => "−1".to_owned(),
        value => value.to_string(),
    };
    view! {
        <div class="box">
            <b>{thousands(node.port)} {cell}</b>
            <span>"fastreuse " <i>{fastreuse}</i></span>
            <span>{t::owners(lang)} " " <i>{thousands(node.owners)}</i></span>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::ChainPart::{Gap, Node};
    use super::folded;

    #[test]
    fn a_long_chain_shows_its_front_and_what_was_found() {
        assert_eq!(
            folded(20, Some(10)),
            [Node(0), Node(1), Gap(7), Node(9), Node(10), Node(11), Gap(8)]
        );
    }

    #[test]
    fn a_chain_of_seven_is_shown_whole() {
        assert_eq!(folded(7, None).len(), 7);
    }

    #[test]
    fn never_more_than_seven_boxes_stand_side_by_side() {
        for hit in (0..40).map(Some).chain([None]) {
            assert!(folded(40, hit).len() <= 7, "{hit:?}");
        }
    }
}
