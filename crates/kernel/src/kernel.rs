//! The kernel as a whole, and the door to it.

use crate::call::{Call, Reply};
use crate::config::{Config, ConfigError};
use crate::event::Sink;

/// A machine: tables, clock and knobs. Cloning copies a few flat arrays.
#[derive(Clone, Debug)]
pub struct Kernel {}

impl Kernel {
    /// A booted kernel without the configuration's sysctls.
    ///
    /// # Errors
    /// What [`Config::check`] finds.
    pub fn boot(config: &Config) -> Result<Kernel, ConfigError> {
        config.check()?;
        Ok(Kernel {})
    }

    /// A booted kernel with all of [`Config::pre_calls`] applied.
    ///
    /// # Errors
    /// What [`Config::check`] finds.
    pub fn new(config: &Config) -> Result<Kernel, ConfigError> {
        let mut kernel = Kernel::boot(config)?;
        for call in config.pre_calls() {
            kernel.apply(&call);
        }
        Ok(kernel)
    }

    /// Carries out a call.
    pub fn apply(&mut self, call: &Call) -> Reply {
        let _ = call;
        unimplemented!()
    }

    /// Carries out a call and tells every step of it.
    pub fn apply_traced(&mut self, call: &Call, sink: &mut dyn Sink) -> Reply {
        let _ = (call, sink);
        unimplemented!()
    }
}
