//! Commands that not every driver knows.

use http::Method;
use serde_json::Value;
use std::sync::Arc;
use thirtyfour::common::command::ExtensionCommand;

/// A command that WebDriver's first version doesn't have.
#[derive(Debug)]
pub(super) struct Extension {
    pub(super) method: Method,
    /// Below the session.
    pub(super) path: String,
    pub(super) parameters: Option<Value>,
}

impl ExtensionCommand for Extension {
    fn parameters_json(&self) -> Option<Value> {
        self.parameters.clone()
    }

    fn method(&self) -> Method {
        self.method.clone()
    }

    fn endpoint(&self) -> Arc<str> {
        self.path.as_str().into()
    }
}
