//! A text field that takes a value when it is left or Enter is pressed, and says beside itself
//! what is wrong with it. What was typed stays until it's right.

use leptos::prelude::*;

use super::boxed::{heard, live, part};
use super::said::Said;

/// The input itself. `value` is what the machine has; `commit` gets what was typed. Its message
/// is shown by the caller, with the id that `described` names.
#[component]
pub fn Field(
    /// The accessible name.
    label: &'static str,
    /// What the machine has, as text.
    #[prop(into)]
    value: Signal<String>,
    /// What was typed last, if it isn't in the machine.
    typed: RwSignal<Option<String>>,
    /// Whether the text is wrong.
    #[prop(into)]
    wrong: Signal<bool>,
    /// Id of the element that holds the message.
    described: &'static str,
    /// Takes the text.
    commit: Callback<String>,
    /// "numeric" brings up digits on a phone.
    #[prop(default = "numeric")]
    inputmode: &'static str,
    /// Most characters.
    #[prop(default = "64")]
    maxlength: &'static str,
) -> impl IntoView {
    let shown = move || typed.get().unwrap_or_else(|| value.get());
    view! {
        <input
            class="num"
            type="text"
            inputmode=inputmode
            autocomplete="off"
            spellcheck="false"
            maxlength=maxlength
            aria-label=label
            aria-invalid=live(move || wrong.get().then_some("true"))
            aria-describedby=live(move || wrong.get().then_some(described))
            prop:value=live(shown)
            value=value.get_untracked()
            on:input=heard(move |event| typed.set(Some(event_target_value(&event))))
            on:change=heard(move |event| commit.run(event_target_value(&event)))
            on:keydown=heard(move |event: leptos::ev::KeyboardEvent| {
                // The lab's single keys don't act while somebody types.
                event.stop_propagation();
                if event.key() == "Escape" && typed.get_untracked().is_some() {
                    typed.set(None);
                    // The value that stands again clears what was said about the other one.
                    commit.run(value.get_untracked());
                }
            })
        />
    }
    .into_any()
}

/// The message of one or more fields, empty while there is nothing to say.
#[component]
pub fn Message(id: &'static str, #[prop(into)] said: Signal<Option<Said>>) -> impl IntoView {
    view! {
        <p class="said" id=id role="status" class:half=live(move || matches!(*said.read(), Some(Said::Half(_))))>
            {part(move || said.get().map(|(Said::Wrong(text) | Said::Half(text))| text))}
        </p>
    }
    .into_any()
}
