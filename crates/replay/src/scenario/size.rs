//! A look at a text before it is read: how deep its values are nested, and how many parts one of
//! them has. So that a short text can't ask for much.

use super::ScenarioError;

/// `{ acts: [ { ports: [ [first, last] ] } ] }`
const DEPTH_MAX: u32 = 5;
/// Acts, and the fields of the machine, stand this deep.
const VALUE_DEPTH: u32 = 3;
/// Most parts of one: 65,536 runs of ports, two ports each.
const PARTS_MAX: u32 = 200_000;

/// Checks the nesting of what may be JSON; whether it is, the reader finds out.
pub fn check(text: &str) -> Result<(), ScenarioError> {
    let (mut depth, mut parts) = (0_u32, 0_u32);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        if quoted {
            (quoted, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'[' | b'{' => (depth, parts) = (depth + 1, parts + 1),
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => parts += 1,
            _ => {}
        }
        if depth < VALUE_DEPTH {
            parts = 0;
        }
        if depth > DEPTH_MAX {
            return Err(ScenarioError::TooDeep);
        }
        if parts > PARTS_MAX {
            return Err(ScenarioError::TooLarge);
        }
    }
    Ok(())
}
