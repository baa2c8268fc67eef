//! Stands in for the crate of this name (`[patch.crates-io]`), which Leptos brings along for server
//! functions. This site has no server and never streams; but that crate exports its classes to
//! scripts, and what is exported stays in every program, 13 kB of code and three classes of its module,
//! which each reader would download. This one exports nothing.

use futures_util::stream::{self, Stream};
use wasm_bindgen::JsValue;

/// A stream that says that there are none.
pub struct ReadableStream;

impl ReadableStream {
    /// Forgets the stream of Rust that a script was to read.
    pub fn from_stream(
        _: impl Stream<Item = Result<JsValue, JsValue>> + 'static,
    ) -> ReadableStream {
        ReadableStream
    }

    /// What a script gets to read: nothing.
    pub fn into_raw(self) -> JsValue {
        JsValue::UNDEFINED
    }

    /// Forgets the stream of a script that Rust was to read.
    pub fn from_raw(_: impl AsRef<JsValue>) -> ReadableStream {
        ReadableStream
    }

    /// What Rust gets to read: one error.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        stream::iter([Err(JsValue::from_str("streams are left out of this program"))])
    }
}
