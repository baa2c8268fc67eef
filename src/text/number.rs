//! Numbers as both languages write them.

/// `28233` as `28,233`: ports and counts in prose and labels. Formulas and fields take the
/// bare number.
pub fn thousands(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn every_third_digit_from_the_right_is_set_off() {
        let cases: [(u64, &str); 5] = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (28_233, "28,233"),
            (4_294_967_296, "4,294,967,296"),
        ];
        for (number, text) in cases {
            assert_eq!(thousands(number), text);
        }
    }
}
