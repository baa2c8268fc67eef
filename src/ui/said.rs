//! What is said beside a field.

/// What a field says about its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The text is wrong, or the kernel refused it.
    Wrong(String),
    /// The kernel took only a part of it.
    Half(String),
}
