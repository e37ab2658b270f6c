//! How nested types are stored: flat, each case by one name that stays, whatever Rust calls it.

/// Reads and writes a nested enum as a flat one: for each case its stored name and fields, in their order, and in brackets
/// what that is in Rust; cases under `values` hold one value instead of fields. A field is left out where the function
/// behind its `=` is true of it, and may be missing. What is stored so must not change: fields may come, names stay.
///
/// Reading costs what it costs serde to read the flat enum, and a name that is not known is refused with those that are.
macro_rules! stored {
    (
        $(#[$how:meta])* $type:ident
        $(values { $( $one:ident($value:ident: $of_one:ty) = [$($one_shape:tt)*], )* })?
        fields { $(
            $name:ident { $( $(#[$how_read:meta])? $field:ident: $of:ty $(= $left_out:tt)? ),* $(,)? } = [$($shape:tt)*],
        )* }
    ) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                $(#[$how])*
                enum Stored {
                    $($( $one($of_one), )*)?
                    $( $name { $(
                        $(#[$how_read])?
                        $(#[serde(default, skip_serializing_if = $left_out)])?
                        $field: $of,
                    )* }, )*
                }
                let stored = <Stored as serde::Deserialize>::deserialize(from)?;
                Ok(match stored {
                    $($( Stored::$one($value) => $($one_shape)*, )*)?
                    $( Stored::$name { $($field),* } => $($shape)*, )*
                })
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                #[derive(serde::Serialize)]
                $(#[$how])*
                enum Stored<'a> {
                    $($( $one(&'a $of_one), )*)?
                    $( $name { $(
                        $(#[serde(skip_serializing_if = $left_out)])?
                        $field: &'a $of,
                    )* }, )*
                }
                let stored = match self {
                    $($( $($one_shape)* => Stored::$one($value), )*)?
                    $( $($shape)* => Stored::$name { $($field),* }, )*
                };
                serde::Serialize::serialize(&stored, to)
            }
        }
    };
}

pub(crate) use stored;
