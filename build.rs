//! The parts of the lab's program that are loaded later are found by its relocations
//! (`crates/wasm-bindgen` takes them out).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bin=lab=--emit-relocs");
    }
}
