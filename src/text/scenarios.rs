//! The gallery at `/scenarios`.

use super::texts;

texts! {
    page_title { en: "Scenarios – error 99", zh: "场景 – error 99" }
    heading { en: "Prepared machines", zh: "准备好的机器" }
    description {
        en: "Machines on which connect() fails, or succeeds against expectation. Each opens in the lab.",
        zh: "在这些机器上，connect() 会失败，或者出乎意料地成功。每一台都可以在实验室中打开。",
    }
}
