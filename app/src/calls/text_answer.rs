//! How islands are answered: as JSON, read as text, as what they are given with the page is. The library's own JSON is read
//! from bytes, and a browser would load every reader twice.

use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Serialize, de::DeserializeOwned};

/// The encoding of every answer.
pub type TextAnswer = Post<JsonText>;

/// JSON, read as text.
pub struct JsonText;

impl ContentType for JsonText {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonText {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonText {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        // A text that is none is no JSON either.
        serde_json::from_str(str::from_utf8(&bytes).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Made;

    #[test]
    fn an_answer_is_read_as_it_was_written_and_bytes_that_are_no_text_are_refused() {
        let made = Made {
            display_name: "Ní DHOMHNAILL, Áine".to_owned(),
            addresses: vec!["aine@health.example".to_owned()],
        };
        let bytes = JsonText::encode(&made).unwrap();
        let read: Made = JsonText::decode(bytes).unwrap();
        assert_eq!(read, made);
        let broken: Result<Made, _> = JsonText::decode(Bytes::from_static(b"\"\xFF\""));
        assert!(broken.is_err());
    }
}
