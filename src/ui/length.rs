//! Lengths as SVG and CSS write them.

/// A length as SVG writes it, to a hundredth. (The standard library's printing of floating
/// point numbers would cost every reader 20 kB.)
pub fn number(length: f64) -> String {
    let hundredths = (length * 100.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match rest {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

/// A length as CSS writes it.
pub fn px(length: f64) -> String {
    number(length) + "px"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_to_a_hundredth() {
        let cases = [(0.0, "0"), (3.0, "3"), (-6.5, "-6.50"), (341.333, "341.33"), (-0.001, "0")];
        for (length, text) in cases {
            assert_eq!(number(length), text);
        }
        assert_eq!(px(12.25), "12.25px");
    }
}
