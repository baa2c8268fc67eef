//! The page's state in the browser: the two machines, what is shown of them, and what a reader can
//! ask for. What that does to them is `error99_replay::pair`'s business; here it waits for its turn
//! and runs in slices.

use std::sync::Arc;

use error99_kernel::Release;
use error99_replay::hand::Deed;
use error99_replay::machine::Progress;
use error99_replay::pair::{Pair, PairView};
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::ui::browser;
use crate::ui::slices::{SLICE_MS, WORK_UNITS, later};

/// Something that a reader asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum BothWish {
    /// Do something to both.
    Do(Deed),
    /// To the next call that goes otherwise.
    Step,
    /// To the last one before.
    Back,
    /// To before the last act.
    Undo,
    /// Another release on that side.
    Boot(usize, Release),
    /// Cut off what is still running.
    Stop,
}

/// The state: a handful of handles.
#[derive(Clone, Copy)]
pub struct Both {
    pair: StoredValue<Option<Pair>, LocalStorage>,
    /// Who is told what is shown: `src/browser/compare.js` listens there.
    host: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// What is asked for while something runs.
    waiting: StoredValue<Vec<BothWish>, LocalStorage>,
    busy: StoredValue<bool, LocalStorage>,
    /// The moment shown.
    pub view: RwSignal<Arc<PairView>>,
    /// The releases.
    pub releases: RwSignal<[Release; 2]>,
    /// How far a run has come.
    pub running: RwSignal<Option<Progress>>,
    /// Whether what was asked for last couldn't be done.
    pub refused: RwSignal<bool>,
    /// The side that a narrow screen shows.
    pub side: RwSignal<usize>,
    /// The states of the machines as links; empty while the page is written.
    pub links: RwSignal<[String; 2]>,
}

impl Both {
    /// Two machines, which [`Both::run`] runs to the moment that they open at.
    pub fn new(mut pair: Pair, host: Option<HtmlElement>) -> Both {
        let (view, releases) = (pair.view(), pair.releases());
        Both {
            pair: StoredValue::new_local(Some(pair)),
            host: StoredValue::new_local(host),
            waiting: StoredValue::new_local(Vec::new()),
            busy: StoredValue::new_local(false),
            view: RwSignal::new(Arc::new(view)),
            releases: RwSignal::new(releases),
            running: RwSignal::new(None),
            refused: RwSignal::new(false),
            side: RwSignal::new(1),
            links: RwSignal::new(Default::default()),
        }
    }

    /// Does what a reader asks for, once nothing runs any more.
    pub fn wish(self, wish: BothWish) {
        if self.busy.get_value() && wish != BothWish::Stop {
            return self.waiting.update_value(|waiting| waiting.push(wish));
        }
        self.refused.set(false);
        let stops = wish == BothWish::Stop;
        let mut runs = false;
        self.pair.update_value(|kept| {
            let Some(pair) = kept else { return };
            let done = match wish {
                BothWish::Do(deed) => pair.act(deed).map_err(drop),
                BothWish::Step => pair.step().map_err(drop),
                BothWish::Back => {
                    if let Some(stop) = pair.difference_before() {
                        pair.go(stop.done);
                    }
                    Ok(false)
                }
                BothWish::Undo => {
                    pair.undo();
                    Ok(false)
                }
                BothWish::Boot(side, release) => {
                    pair.with(side, release).map(|next| *pair = next).map_or(Err(()), |()| Ok(true))
                }
                BothWish::Stop => {
                    pair.stop();
                    Ok(true)
                }
            };
            self.refused.set(done.is_err());
            runs = done == Ok(true);
        });
        if stops {
            self.waiting.set_value(Vec::new());
            // The run under way goes on to the call at which it was cut off.
            return;
        }
        match runs {
            true => self.run(),
            false => self.publish(),
        }
    }

    /// A slice of the run under way; the next one follows when the page had its turn.
    pub fn run(self) {
        self.busy.set_value(true);
        let start = browser::now_ms();
        loop {
            let finished = self.ask(|pair| pair.work(WORK_UNITS)) != Some(false);
            if finished {
                break;
            }
            if browser::now_ms() - start > SLICE_MS {
                self.running.set(self.ask(|pair| pair.progress()));
                return later(move || self.run());
            }
        }
        self.busy.set_value(false);
        self.running.set(None);
        self.publish();
        for wish in self.waiting.try_update_value(std::mem::take).unwrap_or_default() {
            self.wish(wish);
        }
    }

    fn ask<T>(self, question: impl FnOnce(&mut Pair) -> T) -> Option<T> {
        self.pair.try_update_value(|pair| pair.as_mut().map(question)).flatten()
    }

    /// Puts the moment into the signals, and tells whoever keeps the address.
    fn publish(self) {
        let Some((view, releases, links)) =
            self.ask(|pair| (pair.view(), pair.releases(), [0, 1].map(|side| pair.link(side))))
        else {
            return;
        };
        self.releases.set(releases);
        self.view.set(Arc::new(view));
        self.host.with_value(|host| {
            let Some(host) = host else { return };
            let _ = host.dataset().set("link", &links[0]);
            let _ = host.dataset().set("with", releases[1].name());
            browser::tell(host, "moved");
        });
        self.links.set(links);
    }
}
