//! Lists of values within statements.

/// Beyond this, SQLite's limit of 32,766 is near.
const MOST: usize = 16_384;

/// The values, the last of them again and again until there are a power of two. A statement with any other number of
/// values is another statement, to be parsed, planned and remembered by itself, in driver and database; this way there are
/// a few. More than a statement may have are left to whoever cuts them.
pub(crate) fn padded<T: Clone>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    let many = values.len().next_power_of_two();
    if let (Some(last), true) = (values.last().cloned(), many <= MOST) {
        values.resize(many, last);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn lists_have_few_lengths_and_the_same_values() {
        assert_eq!(padded([1, 2, 3, 4, 5]), [1, 2, 3, 4, 5, 5, 5, 5]);
        assert_eq!(padded([1, 2]), [1, 2]);
        assert!(padded::<i32>([]).is_empty());
        assert_eq!(padded(0..20_000).len(), 20_000);
    }
}
