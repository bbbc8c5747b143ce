//! Conversions between rows and the types above.

use sqlx::types::Uuid;

/// The database's form of an id.
pub(super) const fn uuid(id: u128) -> Uuid {
    Uuid::from_u128(id)
}

/// Declares an enum that the database keeps as text.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
        #[sqlx(type_name = "text")]
        pub enum $name {
            $($(#[$vdoc])* #[sqlx(rename = $text)] $variant,)*
        }

        impl $name {
            /// The database's word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}
pub(super) use text_enum;
