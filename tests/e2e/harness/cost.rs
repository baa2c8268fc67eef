//! What a test costs: the processor's time, which others on the machine don't lengthen.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// Linux counts the time of processes in hundredths of a second, on every machine.
const TICK: Duration = Duration::from_millis(10);

/// What a process and all that it has started have used so far, those that have ended too. Nothing
/// where the system doesn't tell.
pub(crate) fn of_family(process: u32) -> Duration {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut used: HashMap<u32, u32> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some((id, fields)) = entry
            .file_name()
            .to_str()
            .and_then(|id| Some((id.parse::<u32>().ok()?, fields(&format!("/proc/{id}/stat"))?)))
        else {
            continue;
        };
        children.entry(fields.parent).or_default().push(id);
        used.insert(id, fields.own + fields.of_ended);
    }
    let mut family = vec![process];
    let mut ticks = 0;
    while let Some(member) = family.pop() {
        ticks += used.get(&member).copied().unwrap_or(0);
        family.extend(children.remove(&member).unwrap_or_default());
    }
    TICK * ticks
}

/// What this thread has used so far.
pub fn of_this_thread() -> Duration {
    TICK * fields("/proc/thread-self/stat").map_or(0, |fields| fields.own)
}

struct Fields {
    parent: u32,
    own: u32,
    /// What children used that have ended.
    of_ended: u32,
}

/// The parent of a process or thread, and the ticks that it has used.
fn fields(file: &str) -> Option<Fields> {
    let stat = fs::read_to_string(file).ok()?;
    // The name stands in brackets and may hold anything; state and parent come right after it.
    let (_, rest) = stat.rsplit_once(')')?;
    let number = |at: usize| rest.split_whitespace().nth(at).and_then(|n| n.parse::<u32>().ok());
    let (user, system) = (number(11)?, number(12)?);
    Some(Fields { parent: number(1)?, own: user + system, of_ended: number(13)? + number(14)? })
}
