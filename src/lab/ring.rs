//! The ring around a home that moves, which closes as its time passes.

use std::f64::consts::TAU;

use error99_kernel::Home;
use leptos::prelude::*;

use crate::ui::length::number;
use crate::ui::same::same;

/// The ring around a point: closed when the home moves.
pub fn ring(home: &Home, (x, y): (f64, f64), radius: f64) -> AnyView {
    let gone = dash(home, radius);
    let (x, y, r) = (number(x), number(y), number(radius));
    same((x.clone(), y.clone(), gone.clone()), move || {
        let turned = format!("rotate(-90 {x} {y})");
        view! {
            <circle class="ring" cx=x.clone() cy=y.clone() r=r.clone()></circle>
            <circle class="ring gone" cx=x cy=y r=r stroke-dasharray=gone transform=turned></circle>
        }
        .into_any()
    })
}

/// How much of a ring is drawn, and the gap behind it.
fn dash(home: &Home, radius: f64) -> String {
    let round = TAU * radius;
    let gone = home.stays_ms.saturating_sub(home.left_ms) as f64 / home.stays_ms.max(1) as f64;
    format!("{} {}", number(round * gone), number(round))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_closes_as_the_time_of_a_home_passes() {
        let home = |left_ms| Home { port: 40_000, stays_ms: 10_000, left_ms };
        let drawn = [10_000, 7_500, 1, 0, 10_001].map(|left_ms| dash(&home(left_ms), 8.0));
        assert_eq!(drawn, ["0 50.27", "12.57 50.27", "50.26 50.27", "50.27 50.27", "0 50.27"]);
        assert_eq!(dash(&Home { stays_ms: 0, ..home(0) }, 8.0), "0 50.27");
    }
}
