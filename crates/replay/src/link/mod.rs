//! The whole state of the lab as a text for an address: configuration, tree of acts, moment and
//! client.
//!
//! # Format, versions 1 and 2
//!
//! The first character is the version. The rest is base64 with `-` and `_`, without
//! padding, of these bytes; numbers are of variable length, seven bits a byte, lowest first.
//!
//! 1. The moment and the client, then the configuration, each as its *changes*: a row of numbers
//!    of which only those are written that differ from what is usual, as a mask and then the
//!    differences. Three lists end the configuration: local addresses, unreachable ones, sysctls.
//! 2. The acts, until the end. An act is the number of its kind, with the mask of its changes
//!    above the lowest five bits. What is usual is what the last act of that kind had; sockets
//!    are told from the next free name, or from the last one that was named. So acts that go on
//!    as before are a byte each, and a repetition of any number of them is a few bytes.
//! 3. FNV-1a of all that, four bytes.
//!
//! Version 1 is that of 2.6.32. Version 2 adds to the configuration a second row – the release, its
//! tick and its clocks, the secrets of later releases – and a list of texts behind the others, and
//! to the acts those that only later releases have, a text behind its numbers. It begins at another
//! usual machine. A state is written in version 1 as long as that has words for all of it.
//!
//! A version that was ever written stays readable; a test keeps links of each.

mod act;
mod bytes;
mod head;
mod kind;
mod repair;
#[cfg(test)]
pub(crate) mod tests;
mod value;

use error99_kernel::ConfigError;

use crate::history::{History, HistoryError};
use crate::scenario::Client;
use act::Acts;
use bytes::{Reader, Writer};

pub use repair::find;

/// Most characters that are read.
pub const TEXT_MAX: usize = 65_536;
/// Fewest characters behind the version: those of a machine that is as usual, to which nothing was
/// done.
const REST_MIN: usize = 8;
/// The latest version.
pub const VERSION: u8 = 2;

/// What a link holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// Everything that was done, and the moment shown.
    pub history: History,
    /// What the client's fields hold.
    pub client: Client,
}

/// Why a text is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// More than [`TEXT_MAX`] characters.
    TooLong,
    /// Written by a version that this one doesn't know.
    Version(u8),
    /// It doesn't look like a link of any version.
    NoLink,
    /// A character is missing or has changed.
    Checksum,
    /// Not what any version writes.
    Torn {
        /// The character, or the byte of what the characters say, where it was noticed.
        at: usize,
    },
    /// The configuration can't be booted.
    Config(ConfigError),
    /// The acts contradict their limits.
    History(HistoryError),
}

/// The state as a text of letters, digits, `-` and `_`.
pub fn write(state: &Saved) -> String {
    LinkWriter::default().write(&state.history, state.client)
}

/// The links of a history that grows: its acts are written once, and each link goes on from there.
#[derive(Default)]
pub struct LinkWriter {
    acts: Option<Acts>,
}

impl LinkWriter {
    /// The link of `history`, which is the one of the last link with more acts behind, unless
    /// [`LinkWriter::forget`] said otherwise.
    pub fn write(&mut self, history: &History, client: Client) -> String {
        let acts = self.acts.take().filter(|acts| acts.are_of(client));
        let acts = self.acts.insert(acts.unwrap_or_else(|| Acts::new(client)));
        acts.add(&history.acts[acts.count()..]);
        let mut writer = Writer::default();
        let version = acts.version().max(head::version(&history.config));
        head::write(&mut writer, version, history, client);
        acts.write(&mut writer);
        bytes::text(version, writer.bytes)
    }

    /// An act that was there has changed.
    pub fn forget(&mut self) {
        self.acts = None;
    }
}

/// Whether this may stand behind a version.
fn looks_like_one(rest: &str) -> bool {
    rest.len() >= REST_MIN && rest.bytes().all(|byte| bytes::digit(byte).is_some())
}

/// The state that a text says; [`find`] reads what has suffered on its way, too.
///
/// # Errors
/// What is wrong with the text. Reading one takes no more than its limits allow: bytes for
/// [`TEXT_MAX`] characters, and acts up to [`crate::history::ACTS_MAX`].
pub fn read(text: &str) -> Result<Saved, LinkError> {
    if text.len() > TEXT_MAX {
        return Err(LinkError::TooLong);
    }
    let (version, rest) = text.split_at_checked(1).ok_or(LinkError::NoLink)?;
    let version = match version.as_bytes()[0] {
        b'1' => 1,
        version @ b'2'..=b'9' if looks_like_one(rest) => version - b'0',
        _ => return Err(LinkError::NoLink),
    };
    if version > VERSION {
        return Err(LinkError::Version(version));
    }
    let bytes = bytes::checked(version, rest)?;
    let mut reader = Reader::new(&bytes);
    let (mut state, tip_back) = head::read(&mut reader, version)?;
    state.history.config.check().map_err(LinkError::Config)?;
    act::read(&mut reader, version, &mut state)?;
    let tip = (state.history.acts.len() as u64).checked_sub(tip_back);
    state.history.tip = value::one_less(tip.ok_or(reader.torn())?);
    Ok(state)
}
