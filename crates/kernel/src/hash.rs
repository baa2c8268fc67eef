//! The hashes that place things: the walk's start, the established table, the bind table.
//!
//! Addresses and the remote port enter as x86 reads them from the wire, little endian.

use crate::addr::{Addr, Tuple};

/// Index of a port's bind chain (`inet_bhashfn`, `include/net/inet_hashtables.h`); `mix` is
/// `net_hash_mix`, `size` a power of two.
pub const fn bhashfn(port: u16, mix: u32, size: u32) -> u32 {
    (port as u32).wrapping_add(mix) & size.wrapping_sub(1)
}

/// Hash of a 4-tuple (`inet_ehashfn`, `include/net/inet_sock.h`), before it is cut down to a
/// slot; `secret` is `inet_ehash_secret` + `net_hash_mix`.
pub fn ehashfn(tuple: &Tuple, secret: u32) -> u32 {
    let ports = u32::from(tuple.lport) << 16 | u32::from(tuple.fport.swap_bytes());
    jhash_3words(tuple.laddr.wire_word(), tuple.faddr.wire_word(), ports, secret)
}

/// Start of a destination's walk (`secure_ipv4_port_ephemeral`, `drivers/char/random.c`), as
/// from 2.6.32 to 2.6.32.44.
pub fn port_offset_hash(saddr: Addr, daddr: Addr, dport: u16, secret: &[u32; 12]) -> u32 {
    let dport = u32::from(dport.swap_bytes());
    let state = [saddr.wire_word(), daddr.wire_word(), dport ^ secret[10], secret[11]];
    half_md4(state, std::array::from_fn(|i| secret[i]))[1]
}

/// The same start from 2.6.32.45 and 3.1 on, up to 4.10: MD5, with a secret that stays for the
/// whole boot.
pub fn port_offset_hash_md5(saddr: Addr, daddr: Addr, dport: u16, secret: &[u32; 16]) -> u32 {
    let dport = u32::from(dport.swap_bytes());
    let state = [saddr.wire_word(), daddr.wire_word(), dport ^ secret[14], secret[15]];
    md5(state, secret)[0]
}

/// Start of a destination's walk (`secure_ipv4_port_ephemeral`, `net/core/secure_seq.c`) from 4.11
/// on, before it changed with time: SipHash over three words, cut to 32 bits.
pub fn port_offset_siphash(saddr: Addr, daddr: Addr, dport: u16, key: [u64; 2]) -> u32 {
    let dport = u64::from(dport.swap_bytes());
    siphash(key, &[addresses(saddr, daddr), 12 << 56 | dport]) as u32
}

/// The same since 5.18, in stable series of 2022 too: a fourth word, `period`, counts 10 s of
/// jiffies, and the hash has 64 bits.
pub fn port_offset_siphash_period(
    saddr: Addr,
    daddr: Addr,
    dport: u16,
    period: u32,
    key: [u64; 2],
) -> u64 {
    let dport = u64::from(dport.swap_bytes());
    siphash(key, &[addresses(saddr, daddr), u64::from(period) << 32 | dport, 16 << 56])
}

fn addresses(saddr: Addr, daddr: Addr) -> u64 {
    u64::from(daddr.wire_word()) << 32 | u64::from(saddr.wire_word())
}

/// SipHash-2-4 over words that end with the length (Aumasson and Bernstein, 2012).
fn siphash(key: [u64; 2], words: &[u64]) -> u64 {
    let mut v = [
        key[0] ^ 0x736f_6d65_7073_6575,
        key[1] ^ 0x646f_7261_6e64_6f6d,
        key[0] ^ 0x6c79_6765_6e65_7261,
        key[1] ^ 0x7465_6462_7974_6573,
    ];
    for word in words {
        v[3] ^= word;
        sip_rounds(&mut v, 2);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    sip_rounds(&mut v, 4);
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

fn sip_rounds(v: &mut [u64; 4], rounds: u32) {
    for _ in 0..rounds {
        v[0] = v[0].wrapping_add(v[1]);
        v[2] = v[2].wrapping_add(v[3]);
        v[1] = v[1].rotate_left(13) ^ v[0];
        v[3] = v[3].rotate_left(16) ^ v[2];
        v[0] = v[0].rotate_left(32).wrapping_add(v[3]);
        v[2] = v[2].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(17) ^ v[2];
        v[3] = v[3].rotate_left(21) ^ v[0];
        v[2] = v[2].rotate_left(32);
    }
}

/// Jenkins' lookup2 over three words (`jhash_3words`, `include/linux/jhash.h` of that time).
pub fn jhash_3words(x: u32, y: u32, z: u32, iv: u32) -> u32 {
    const GOLDEN_RATIO: u32 = 0x9e37_79b9;
    let mut a = x.wrapping_add(GOLDEN_RATIO);
    let mut b = y.wrapping_add(GOLDEN_RATIO);
    let mut c = z.wrapping_add(iv);
    for (p, q, r) in [(13, 8, 13), (12, 16, 5), (3, 10, 15)] {
        a = a.wrapping_sub(b).wrapping_sub(c) ^ (c >> p);
        b = b.wrapping_sub(c).wrapping_sub(a) ^ (a << q);
        c = c.wrapping_sub(a).wrapping_sub(b) ^ (b >> r);
    }
    c
}

/// MD4 with eight message words (`half_md4_transform`, `lib/halfmd4.c`), feed-forward included.
fn half_md4(state: [u32; 4], words: [u32; 8]) -> [u32; 4] {
    const ORDER: [[usize; 8]; 3] =
        [[0, 1, 2, 3, 4, 5, 6, 7], [1, 3, 5, 7, 0, 2, 4, 6], [3, 7, 2, 6, 1, 5, 0, 4]];
    const ADDEND: [u32; 3] = [0, 0x5a82_7999, 0x6ed9_eba1];
    const SHIFT: [[u32; 4]; 3] = [[3, 7, 11, 19], [3, 5, 9, 13], [3, 9, 11, 15]];
    const MIX: [fn(u32, u32, u32) -> u32; 3] = [
        |x, y, z| z ^ (x & (y ^ z)),
        |x, y, z| (x & y).wrapping_add((x ^ y) & z),
        |x, y, z| x ^ y ^ z,
    ];
    let mut v = state;
    for round in 0..3 {
        for step in 0..8 {
            // The registers take turns: 0, 3, 2, 1.
            let p = (4 - step % 4) % 4;
            let mixed = MIX[round](v[(p + 1) % 4], v[(p + 2) % 4], v[(p + 3) % 4]);
            let word = words[ORDER[round][step]];
            let sum = v[p].wrapping_add(mixed).wrapping_add(word).wrapping_add(ADDEND[round]);
            v[p] = sum.rotate_left(SHIFT[round][step % 4]);
        }
    }
    std::array::from_fn(|i| v[i].wrapping_add(state[i]))
}

/// MD5's compression function (RFC 1321), feed-forward included.
fn md5(state: [u32; 4], words: &[u32; 16]) -> [u32; 4] {
    const SHIFT: [[u32; 4]; 4] =
        [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let [mut a, mut b, mut c, mut d] = state;
    for step in 0..64 {
        let round = step / 16;
        let (mixed, word) = match round {
            0 => ((b & c) | (!b & d), step),
            1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
            2 => (b ^ c ^ d, (3 * step + 5) % 16),
            _ => (c ^ (b | !d), (7 * step) % 16),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(MD5_SINES[step]).wrapping_add(words[word]);
        let next = b.wrapping_add(sum.rotate_left(SHIFT[round][step % 4]));
        (a, d, c, b) = (d, c, b, next);
    }
    let mixed = [a, b, c, d];
    std::array::from_fn(|i| mixed[i].wrapping_add(state[i]))
}

/// ⌊2^32 · |sin(i + 1)|⌋, the table of RFC 1321.
#[rustfmt::skip]
const MD5_SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a,
    0xa830_4613, 0xfd46_9501, 0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be,
    0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821, 0xf61e_2562, 0xc040_b340,
    0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8,
    0x676f_02d9, 0x8d2a_4c8a, 0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c,
    0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70, 0x289b_7ec6, 0xeaa1_27fa,
    0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92,
    0xffef_f47d, 0x8584_5dd1, 0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1,
    0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];
