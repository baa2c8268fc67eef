//! What the lab asks of the browser: sizes, theme, pixels, time. Only effects and event
//! handlers come here: nothing of it is touched while pages are prerendered.

use leptos::html::Div;
use leptos::prelude::*;

use super::amounts::px;
use super::paint::{COLOURS, Palette, Rgb};

/// Milliseconds of a clock that only goes forward.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Calls `heard` with width, height (CSS pixels) and pixel ratio of `element`, now and whenever
/// they change.
pub fn on_resize(element: NodeRef<Div>, heard: impl Fn(f64, f64, f64) + Copy + 'static) {
    Effect::new(move || {
        let Some(element) = element.get() else { return };
        let measured = element.clone();
        let measure = move || {
            let scale = window().device_pixel_ratio();
            heard(measured.client_width().into(), measured.client_height().into(), scale);
        };
        measure();
        observe_size(&element, measure);
    });
}

fn observe_size(element: &web_sys::HtmlDivElement, heard: impl Fn() + 'static) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let callback = Closure::<dyn Fn()>::new(heard);
    if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        let kept = StoredValue::new_local((observer, callback));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    }
}

/// Calls `heard` whenever the theme, the projector look or the system's preference changes.
pub fn on_theme_change(heard: impl Fn() + Clone + 'static) {
    Effect::new(move || {
        use wasm_bindgen::JsCast;
        use wasm_bindgen::closure::Closure;
        let callback = Closure::<dyn Fn()>::new(heard.clone());
        let function = callback.as_ref().unchecked_ref();
        let Some(root) = document().document_element() else { return };
        let observer = web_sys::MutationObserver::new(function).ok();
        if let Some(observer) = &observer {
            let options = web_sys::MutationObserverInit::new();
            options.set_attributes(true);
            let _ = observer.observe_with_options(&root, &options);
        }
        let system = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        if let Some(system) = &system {
            let _ = system.add_event_listener_with_callback("change", function);
        }
        let kept = StoredValue::new_local((observer, system, callback));
        on_cleanup(move || {
            kept.with_value(|(observer, system, callback)| {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                if let Some(system) = system {
                    let function = callback.as_ref().unchecked_ref();
                    let _ = system.remove_event_listener_with_callback("change", function);
                }
            });
        });
    });
}

/// The page's colours as the theme has them now.
pub fn palette() -> Palette {
    let body = document().body();
    let probe = document().create_element("i").ok();
    let colours = COLOURS.map(|name| {
        let (Some(body), Some(probe)) = (&body, &probe) else { return [0; 3] };
        colour(body, probe, name).unwrap_or([0; 3])
    });
    if let Some(probe) = probe {
        probe.remove();
    }
    Palette::from_list(colours)
}

/// The colour of a custom property, resolved by the browser: it may be `light-dark(…)`.
fn colour(body: &web_sys::HtmlElement, probe: &web_sys::Element, name: &str) -> Option<Rgb> {
    use wasm_bindgen::JsCast;
    let element: &web_sys::HtmlElement = probe.unchecked_ref();
    element.style().set_property("color", &format!("var({name})")).ok()?;
    body.append_child(probe).ok()?;
    let text = window().get_computed_style(probe).ok()??.get_property_value("color").ok()?;
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

/// Width and pixel ratio of a canvas as it stands on the page.
pub fn canvas_size(canvas: &web_sys::HtmlCanvasElement) -> (f64, f64, f64) {
    (canvas.client_width().into(), canvas.client_height().into(), window().device_pixel_ratio())
}

/// Whether the reader asked for less motion.
pub fn reduced_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// A value of the page's address, after the question mark.
#[cfg(feature = "csr")]
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Copies text to the clipboard, as far as the browser allows it.
pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
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
