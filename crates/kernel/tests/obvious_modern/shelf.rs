//! A map from small numbers, looked up in no time: walks of the large vectors visit hundreds of
//! millions of ports.

use std::ops::Index;

/// The map.
#[derive(Clone, Debug)]
pub struct Shelf<T> {
    places: Vec<Option<Box<T>>>,
    count: usize,
}

impl<T> Shelf<T> {
    /// An empty one.
    pub fn new() -> Shelf<T> {
        Shelf { places: Vec::new(), count: 0 }
    }

    /// The value of a number.
    pub fn get(&self, number: usize) -> Option<&T> {
        self.places.get(number)?.as_deref()
    }

    /// The value of a number, to be changed.
    pub fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.places.get_mut(number)?.as_deref_mut()
    }

    /// Whether the number has a value.
    pub fn has(&self, number: usize) -> bool {
        self.get(number).is_some()
    }

    /// Gives a number that has none a value.
    pub fn put(&mut self, number: usize, value: T) {
        if self.places.len() <= number {
            self.places.resize_with(number + 1, || None);
        }
        self.places[number] = Some(Box::new(value));
        self.count += 1;
    }

    /// Takes the value of a number away.
    pub fn take(&mut self, number: usize) {
        let place = self.places.get_mut(number);
        if place.and_then(Option::take).is_some() {
            self.count -= 1;
        }
    }

    /// How many numbers have a value.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The numbers that have a value, least first.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        (0..self.places.len()).filter(|number| self.has(*number))
    }
}

impl<T> Index<usize> for Shelf<T> {
    type Output = T;

    fn index(&self, number: usize) -> &T {
        self.get(number).expect("a number that is asked for has a value")
    }
}
