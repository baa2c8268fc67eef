//! The route of a connection, as far as connect's errors and its source address need it.
//!
//! Models `ip_route_connect` (`include/net/route.h`) with `ip_route_output_slow`
//! (`net/ipv4/route.c`), and `inet_addr_type` (`net/ipv4/fib_frontend.c`). Left out: route
//! tables, devices, subnets and their broadcast addresses, source routes, checks of a bound
//! source address, xfrm.

use crate::addr::Addr;
use crate::config::Config;
use crate::rules::Release;
use crate::verdict::ConnectRefusal;
use crate::view::Route;

/// What this host knows of addresses.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    local: Vec<Addr>,
    default_src: Addr,
    unreachable: Vec<Addr>,
    /// 127.0.0.0/8 is out on the wire.
    loop_wire: bool,
    /// What a connection to 127.0.0.0/8 gets as its source; up to some release after 2.6.32 its
    /// own destination.
    loopback_source: Option<Addr>,
}

impl Routes {
    pub(crate) fn new(config: &Config) -> Routes {
        Routes {
            local: config.local.clone(),
            default_src: config.default_src,
            unreachable: config.unreachable.clone(),
            loop_wire: config.loop_wire,
            loopback_source: (config.release > Release::V2_6_32).then_some(Addr::LOOPBACK),
        }
    }

    /// An address of this host.
    pub(crate) fn is_local(&self, addr: Addr) -> bool {
        (addr.is_loopback() && !self.loop_wire) || self.local.contains(&addr)
    }

    /// An address that `bind` accepts.
    pub(crate) fn can_bind(&self, addr: Addr) -> bool {
        addr.is_any()
            || addr.is_multicast()
            || addr.is_broadcast()
            || addr.is_loopback()
            || self.is_local(addr)
    }

    /// Source and destination of a connection; `source` is 0.0.0.0 if it isn't chosen yet.
    ///
    /// # Errors
    /// Why there is no route for TCP.
    pub(crate) fn connect(&self, source: Addr, dst: Addr) -> Result<Route, ConnectRefusal> {
        if self.unreachable.contains(&dst) {
            return Err(ConnectRefusal::NoRoute);
        }
        if dst.is_zero_network() {
            return Err(ConnectRefusal::ZeroNetwork);
        }
        if dst.is_multicast() {
            return Err(ConnectRefusal::Multicast);
        }
        if dst.is_broadcast() {
            return Err(ConnectRefusal::Broadcast);
        }
        let destination = match (dst.is_any(), source.is_any()) {
            (false, _) => dst,
            (true, false) => source,
            (true, true) => Addr::LOOPBACK,
        };
        let own_source = match (self.is_local(destination), self.loopback_source) {
            (true, Some(source)) if destination.is_loopback() => source,
            (true, _) => destination,
            (false, _) => self.default_src,
        };
        Ok(Route { source: if source.is_any() { own_source } else { source }, destination })
    }
}
