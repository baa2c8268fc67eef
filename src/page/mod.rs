//! Every page of the site, as the prerender binary writes it. Nothing here reaches the
//! browser as code: pages are HTML, and only the live parts inside them wake up.

mod about;
mod compare;
pub mod document;
pub mod embed;
mod files;
mod lab;
mod not_found;
mod notice;
mod offer;
mod rules;
mod scenarios;
mod shell;
mod story;

use crate::lang::Lang;
use crate::links::{Links, Page};
use any_spawner::Executor;
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::location::RequestUrl;
use leptos_router::path;

/// Which page is being written, for its views.
#[derive(Clone, Debug)]
pub struct Here {
    pub lang: Lang,
    pub page: Option<Page>,
    pub links: Links,
}

impl Here {
    /// The page whose views are being rendered.
    pub fn current() -> Here {
        expect_context()
    }
}

/// The path of a page within the site, as the router sees it.
pub fn path(page: Page, lang: Lang) -> String {
    format!("/{}{}", lang.path_prefix(), page.path()).trim_end_matches('/').to_owned()
}

/// Prepares the process for [`render`]. Call it once.
pub fn init() {
    Executor::init_futures_executor().expect("no other executor was set");
}

/// The content of `<body>` for `here`.
pub fn render(here: Here) -> String {
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        let url = match here.page {
            Some(page) => path(page, here.lang),
            None => "/404".into(),
        };
        provide_context(RequestUrl::new(&url));
        provide_context(here);
        view! { <Site /> }.into_view().to_html()
    });
    owner.unset_with_forced_cleanup();
    html
}

/// Route to page. English and Chinese have the same paths, the Chinese ones below `zh-CN`.
#[component]
fn Site() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=not_found::NotFound>
                <Route path=path!("/") view=story::Story />
                <Route path=path!("/compare") view=compare::ComparePage />
                <Route path=path!("/lab") view=lab::Lab />
                <Route path=path!("/scenarios") view=scenarios::Scenarios />
                <Route path=path!("/kernels") view=rules::KernelRules />
                <Route path=path!("/about") view=about::About />
                <Route path=path!("/embed/:name") view=embed::Embed />
                <Route path=path!("/zh-CN") view=story::Story />
                <Route path=path!("/zh-CN/compare") view=compare::ComparePage />
                <Route path=path!("/zh-CN/lab") view=lab::Lab />
                <Route path=path!("/zh-CN/scenarios") view=scenarios::Scenarios />
                <Route path=path!("/zh-CN/kernels") view=rules::KernelRules />
                <Route path=path!("/zh-CN/about") view=about::About />
                <Route path=path!("/zh-CN/embed/:name") view=embed::Embed />
            </FlatRoutes>
        </Router>
    }
}
