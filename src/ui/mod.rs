//! Parts that views of the lab, pictures of the story and pages share. None knows of any of them.

pub mod boxed;
pub mod browser;
pub mod colours;
pub mod field;
pub mod length;
pub mod mark;
#[cfg(feature = "ssr")]
pub mod port_page;
pub mod rich;
pub mod said;
#[cfg(feature = "ssr")]
pub mod still;
