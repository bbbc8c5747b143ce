//! The address that a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;

/// Proxies whose forwarded addresses count.
#[derive(Debug, Clone, Default)]
pub struct Proxies(pub Vec<IpAddr>);

/// The visitor's address: the peer's, or what a trusted proxy says of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address(pub(super) IpAddr);

impl Address {
    /// What limits are counted by: IPv6 by its network of 64 bits, since a household has that many addresses.
    pub(super) fn bucket(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            address @ IpAddr::V4(_) => address,
        }
    }

    /// From the right: each trusted proxy vouches for the address before its own.
    fn resolve(peer: IpAddr, forwarded: &str, proxies: &Proxies) -> Self {
        let trusted = |address: &IpAddr| proxies.0.contains(&address.to_canonical());
        let mut address = peer;
        for hop in forwarded.rsplit(',') {
            if !trusted(&address) {
                break;
            }
            match hop.trim().parse() {
                Ok(before) => address = before,
                Err(_) => break,
            }
        }
        Self(address)
    }
}

impl<S> FromRequestParts<S> for Address
where
    S: Send + Sync,
    Arc<Proxies>: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // Without a socket (a router called by a test) everybody comes from the same place.
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
        let forwarded: Vec<&str> = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        Ok(Self::resolve(peer, &forwarded.join(","), &Arc::<Proxies>::from_ref(state)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(peer: &str, forwarded: &str, proxies: &[&str]) -> String {
        let proxies = Proxies(proxies.iter().map(|proxy| proxy.parse().unwrap()).collect());
        Address::resolve(peer.parse().unwrap(), forwarded, &proxies).0.to_string()
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        assert_eq!(resolve("203.0.113.9", "198.51.100.1", &[]), "203.0.113.9");
        assert_eq!(resolve("10.0.0.1", "198.51.100.1", &["10.0.0.1"]), "198.51.100.1");
        assert_eq!(
            resolve("10.0.0.1", "1.1.1.1, 198.51.100.1", &["10.0.0.1"]),
            "198.51.100.1",
            "what a client adds"
        );
        assert_eq!(
            resolve("10.0.0.1", "198.51.100.1, 10.0.0.2", &["10.0.0.1", "10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(resolve("10.0.0.1", "nonsense", &["10.0.0.1"]), "10.0.0.1");
    }

    #[test]
    fn a_household_counts_as_one() {
        let bucket = |text: &str| Address(text.parse().unwrap()).bucket();
        assert_eq!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:2:ffff::9"));
        assert_ne!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:3::1"));
        assert_eq!(bucket("::ffff:192.0.2.1"), bucket("192.0.2.1"));
    }
}
