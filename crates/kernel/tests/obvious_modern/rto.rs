//! The retransmission timeout: it decides how long short FIN_WAIT2 remnants last.

use super::rules::Release;

/// Microseconds of the least deviation that counts, 200 ms.
const LEAST_US: i64 = 200_000;

/// The estimator of the round trip of one socket.
#[derive(Clone, Debug)]
pub struct Rto {
    /// Jiffies in a second.
    hz: i64,
    /// 3.10 measures in jiffies, later releases in microseconds.
    by_jiffies: bool,
    /// Eight times the smoothed round trip; 0 before the first sample.
    srtt8: i64,
    mdev: i64,
    var: i64,
    /// The timeout in jiffies.
    pub jiffies: i64,
}

impl Rto {
    /// The timeout of a socket that measured nothing: one second.
    pub fn new(release: Release, hz: i64) -> Rto {
        let by_jiffies = release == Release::V3_10;
        Rto { hz, by_jiffies, srtt8: 0, mdev: 0, var: 0, jiffies: hz }
    }

    /// Back to the timeout of a new socket.
    pub fn reset(&mut self) {
        self.jiffies = self.hz;
        (self.srtt8, self.mdev, self.var) = (0, 0, 0);
    }

    /// A round trip was measured, in microseconds or, on 3.10, in jiffies.
    pub fn sample(&mut self, sample: i64) {
        let sample = if self.by_jiffies { sample.max(1) } else { sample };
        let least = if self.by_jiffies { self.hz / 5 } else { LEAST_US };
        if self.srtt8 == 0 {
            self.srtt8 = (sample * 8).max(1);
            self.mdev = sample * 2;
            self.var = self.mdev.max(least);
        } else {
            let error = sample - self.srtt8 / 8;
            self.srtt8 += error;
            let mut change = error.abs() - self.mdev / 4;
            if error < 0 && change > 0 {
                change /= 8;
            }
            self.mdev += change;
            self.var = self.var.max(self.mdev);
        }
        let timeout = self.srtt8 / 8 + self.var;
        self.jiffies =
            if self.by_jiffies { timeout } else { (timeout * self.hz + 999_999) / 1_000_000 };
    }

    /// The connection exists, and nothing could be measured.
    pub fn fall_back(&mut self) {
        self.jiffies = 3 * self.hz;
    }

    /// Three and a half timeouts, in jiffies: the least life of a FIN_WAIT2 remnant.
    pub fn three_and_a_half(&self) -> i64 {
        4 * self.jiffies - self.jiffies / 2
    }
}
