//! What live parts ask of the browser: sizes, theme, pixels, time. Only effects and event
//! handlers come here: nothing of it is touched while pages are prerendered.

use leptos::html::Div;
use leptos::prelude::*;

use super::colours::{COLOURS, Palette, Rgb};
use super::length::px;

/// Milliseconds of a clock that only goes forward.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// How large a part of the page is, and in what units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// In CSS pixels.
    pub width: f64,
    /// In CSS pixels.
    pub height: f64,
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// Size of the page's letters, as a multiple of the usual 16 CSS pixels.
    pub letters: f64,
}

/// The size of `element`; none before it has been laid out.
pub fn size_of(element: NodeRef<Div>) -> RwSignal<Option<Size>> {
    let size = RwSignal::new(None);
    Effect::new(move || {
        let Some(element) = element.get() else { return };
        observe_size(&element, size);
    });
    size
}

fn observe_size(element: &web_sys::HtmlDivElement, size: RwSignal<Option<Size>>) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    // The browser brings the size: asked for it, it would lay out again whatever an observer
    // before this one has set off.
    let heard = Closure::<dyn Fn(_)>::new(move |entries: web_sys::js_sys::Array| {
        if panicked() {
            return;
        }
        let last: web_sys::ResizeObserverEntry = entries.pop().unchecked_into();
        let inside = last.content_rect();
        size.set(Some(Size {
            width: inside.width(),
            height: inside.height(),
            scale: window().device_pixel_ratio(),
            letters: letters(),
        }));
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(heard.as_ref().unchecked_ref()) {
        observer.observe(element);
        let kept = StoredValue::new_local((observer, heard));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    }
}

/// Size of the page's letters, as a multiple of 16 CSS pixels: the reader's, or the projector's.
fn letters() -> f64 {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    // The standard library's reading of floating point numbers would cost every reader 20 kB.
    let size = size.map_or(f64::NAN, |size| web_sys::js_sys::parse_float(&size));
    if size > 0.0 { size / 16.0 } else { 1.0 }
}

/// The page's colours as the theme has them; none before the browser was asked.
pub fn palette() -> RwSignal<Option<Palette>> {
    let colours = RwSignal::new(None);
    let ask = move || {
        if panicked() {
            return;
        }
        let now = colours_now();
        if colours.get_untracked() != now {
            colours.set(now);
        }
    };
    Effect::new(move || {
        ask();
        on_theme_change(Box::new(ask));
    });
    colours
}

/// What the system may ask for that changes colours.
const ASKED: [&str; 2] = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

/// Calls `heard` whenever the theme, the projector look or the system's preference changes.
fn on_theme_change(heard: Box<dyn Fn()>) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let callback = Closure::wrap(heard);
    let function = callback.as_ref().unchecked_ref();
    let Some(root) = document().document_element() else { return };
    let observer = web_sys::MutationObserver::new(function).ok();
    if let Some(observer) = &observer {
        let options = web_sys::MutationObserverInit::new();
        options.set_attributes(true);
        let _ = observer.observe_with_options(&root, &options);
    }
    let system = ASKED.map(|query| window().match_media(query).ok().flatten());
    for system in system.iter().flatten() {
        let _ = system.add_event_listener_with_callback("change", function);
    }
    let kept = StoredValue::new_local((observer, system, callback));
    on_cleanup(move || {
        kept.with_value(|(observer, system, callback)| {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            for system in system.iter().flatten() {
                let function = callback.as_ref().unchecked_ref();
                let _ = system.remove_event_listener_with_callback("change", function);
            }
        });
    });
}

/// The colours, resolved by the browser: a custom property may be `light-dark(…)`. All are set
/// before the first is read, so that the browser computes styles once. Where the system forces
/// its colours upon text, these stay: they tell states apart, on a ground of their own.
fn colours_now() -> Option<Palette> {
    use wasm_bindgen::JsCast;
    let body = document().body()?;
    let mut probes = Vec::new();
    for name in COLOURS {
        let probe = document().create_element("i").ok()?;
        let element: &web_sys::HtmlElement = probe.unchecked_ref();
        element.style().set_property("forced-color-adjust", "none").ok()?;
        element.style().set_property("color", &format!("var({name})")).ok()?;
        body.append_child(&probe).ok()?;
        probes.push(probe);
    }
    let mut colours = [[0; 3]; COLOURS.len()];
    for (colour, probe) in colours.iter_mut().zip(&probes) {
        *colour = colour_of(probe).unwrap_or_default();
    }
    probes.iter().for_each(|probe| probe.remove());
    Some(Palette::from_list(colours))
}

fn colour_of(element: &web_sys::Element) -> Option<Rgb> {
    let text = window().get_computed_style(element).ok()??.get_property_value("color").ok()?;
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
    Some([numbers.next()?, numbers.next()?, numbers.next()?])
}

/// Shows RGBA pixels on a canvas of `size` device pixels, drawn at `css` CSS pixels.
pub fn show_pixels(
    canvas: &web_sys::HtmlCanvasElement,
    pixels: &[u8],
    size: (u32, u32),
    css: (f64, f64),
) {
    use wasm_bindgen::{Clamped, JsCast};
    if canvas.width() != size.0 || canvas.height() != size.1 {
        canvas.set_width(size.0);
        canvas.set_height(size.1);
    }
    let style = web_sys::HtmlElement::style(canvas);
    let _ = style.set_property("width", &px(css.0));
    let _ = style.set_property("height", &px(css.1));
    let image =
        web_sys::ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), size.0, size.1);
    let context = canvas.get_context("2d").ok().flatten();
    if let (Ok(image), Some(context)) = (image, context) {
        let context: web_sys::CanvasRenderingContext2d = context.unchecked_into();
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// Whether the reader asked for less motion.
pub fn reduced_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Whether the program is of no use any more.
fn panicked() -> bool {
    #[cfg(feature = "csr")]
    return crate::live::panicked();
    #[cfg(not(feature = "csr"))]
    false
}

/// Calls `heard` at every such event of `element`, for as long as the page is there.
pub fn listen(
    element: &web_sys::HtmlElement,
    event: &str,
    heard: impl Fn(web_sys::Event) + 'static,
) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let callback = Closure::wrap(Box::new(heard) as Box<dyn Fn(_)>);
    let function = callback.as_ref().unchecked_ref();
    let _ = element.add_event_listener_with_callback(event, function);
    callback.forget();
}

/// Tells whoever listens to `element`.
pub fn tell(element: &web_sys::HtmlElement, event: &str) {
    if let Ok(event) = web_sys::Event::new(event) {
        let _ = element.dispatch_event(&event);
    }
}

/// A value of the page's address, after the question mark.
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Whether a key was pressed on a control that has its own use for it: the space bar presses
/// and switches, arrows choose among radio buttons.
pub fn on_control(event: &leptos::ev::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| match event.key().as_str() {
        " " => matches!(target.tag_name().as_str(), "BUTTON" | "INPUT" | "A" | "SUMMARY"),
        "ArrowLeft" | "ArrowRight" => target.matches("input[type=radio]").unwrap_or(false),
        _ => false,
    })
}
