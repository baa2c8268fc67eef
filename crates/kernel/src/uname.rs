//! Which rules a version number stands for, as `uname -r` prints it.
//!
//! Read off the pages of [`crate::rules`]: a version that lies between two releases goes by the
//! rules of the one whose changes it has. A distribution's kernel may have more of them.

use crate::rules::Release;

impl Release {
    /// The release whose rules a kernel of that version most likely goes by; `None` if the text
    /// isn't a version, or is of before 2.6.32.
    pub fn of_version(version: &str) -> Option<Release> {
        let mut numbers = version.split(['.', '-', '_', '+']).map(|part| part.parse::<u32>().ok());
        let major = numbers.next().flatten()?;
        let minor = numbers.next().flatten()?;
        let point = numbers.next().flatten().unwrap_or(0);
        let of_rhel = |number: &str| version.contains(number);
        Some(match (major, minor) {
            (2, 6) if point >= 32 => Release::V2_6_32,
            (3, 10) if of_rhel(".el7") => Release::Rhel7,
            (3, _) | (4, 0..=1) => Release::V3_10,
            (4, 2..=5) => Release::Rhel7,
            // The table of hints came back after 4.19.222.
            (4, 19) if point > 222 => Release::V4_19Late,
            (4, _) => Release::V4_19,
            (5, 4) if (1..201).contains(&point) => Release::V4_19,
            (5, 0..=4) => Release::V5_4,
            (5, 5..=11) => Release::V5_10,
            (5, _) | (6, 0) => Release::V5_15,
            (6, 1..=2) => Release::V6_1,
            (6, 3..=7) => Release::V6_6,
            (6, 8..=11) => Release::V6_8,
            (6, 12..=13) => Release::V6_12,
            (major, _) if major >= 6 => Release::V6_18,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_is_found_by_its_own_number() {
        for release in Release::ALL {
            let number = match release {
                Release::Rhel7 => "3.10.0-1160.el7.x86_64",
                Release::V4_19Late => "4.19.297",
                _ => release.name(),
            };
            assert_eq!(Release::of_version(number), Some(release));
        }
        assert_eq!(Release::of_version("2.6.32-279.el6.x86_64"), Some(Release::V2_6_32));
        assert_eq!(Release::of_version("4.18.0-193.14.2.el8_2.x86_64"), Some(Release::V4_19));
        assert_eq!(Release::of_version("4.4.0-97-generic"), Some(Release::Rhel7));
        assert_eq!(Release::of_version("7.0.1"), Some(Release::V6_18));
        for text in ["", "2.6.18", "linux", "6", "1.2.3"] {
            assert_eq!(Release::of_version(text), None, "{text}");
        }
    }
}
