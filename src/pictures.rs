//! The names of the story's pictures. What they show is in `picture`.

macro_rules! pictures {
    ($( $(#[$where:meta])? $picture:ident = $name:literal ),+ $(,)?) => {
        /// A picture of the story. Some need no program: the style sheet shows what was chosen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Picture { $($(#[$where])? $picture),+ }

        impl Picture {
            /// All of them, in the story's order.
            pub const ALL: &[Picture] = &[$($(#[$where])? Picture::$picture),+];

            /// Its name in the prose, in the page and in addresses.
            pub const fn name(self) -> &'static str {
                match self { $($(#[$where])? Picture::$picture => $name),+ }
            }

            /// Its folder when it stands in somebody else's page, with a closing slash.
            pub const fn embed_path(self) -> &'static str {
                match self { $($(#[$where])? Picture::$picture => concat!("embed/", $name, "/")),+ }
            }
        }
    };
}

pictures! {
    FourNumbers = "four-numbers",
    DownToTheChoice = "down-to-the-choice",
    WhereTheWalkStarts = "where-the-walk-starts",
    TheBindHash = "the-bind-hash",
    IsItReallyTaken = "is-it-really-taken",
    Calendar = "calendar",
    PortsOverTime = "ports-over-time",
    TheWholeRange = "the-whole-range",
    #[cfg(not(feature = "csr"))]
    TheFixes = "the-fixes",
    #[cfg(not(feature = "csr"))]
    HarmfulFixes = "harmful-fixes",
    #[cfg(not(feature = "csr"))]
    Since = "since",
    YourMachine = "your-machine",
}

impl Picture {
    /// The picture of that name.
    pub fn find(name: &str) -> Option<Picture> {
        Self::ALL.iter().find(|picture| picture.name() == name).copied()
    }
}
