//! Numbers as text: a page brings the first scene of a picture that takes long to compute.

/// Numbers in a row.
pub fn write(numbers: &[u32]) -> String {
    let mut text = String::new();
    for number in numbers {
        if !text.is_empty() {
            text.push(' ');
        }
        text += &number.to_string();
    }
    text
}

/// The numbers that were written so; `None` if something else stands there.
pub fn read(text: &str) -> Option<Vec<u32>> {
    text.split(' ').map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = [0, 28_233, u32::MAX];
        assert_eq!(read(&write(&numbers)), Some(numbers.to_vec()));
        assert_eq!((read(""), read("1  2"), read("x")), (None, None, None));
    }
}
