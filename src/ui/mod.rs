//! Parts that views of the lab, pictures of the story and pages share. None knows of any of them.

pub mod boxed;
pub mod browser;
pub mod colours;
pub mod field;
pub mod geometry;
pub mod length;
pub mod mark;
pub mod paint;
#[cfg(feature = "ssr")]
pub mod port_page;
pub mod rich;
pub mod said;
pub mod same;
pub mod slices;
#[cfg(feature = "ssr")]
pub mod still;
