//! The laboratory: error 99 reproduced, understood and repaired. Whatever the page shows is
//! compared with the model, run natively for the same acts.

mod fields;
mod fixes;
mod hands;
mod later;
mod loads;
pub mod model;
pub mod page;
mod phone;
mod random;
mod scenarios;
mod sheets;
mod story;
pub mod words;

use crate::Test;

pub fn tests() -> Vec<Test> {
    [
        story::tests(),
        fixes::tests(),
        fields::tests(),
        scenarios::tests(),
        hands::tests(),
        later::tests(),
        random::tests(),
        sheets::tests(),
        phone::tests(),
        loads::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
