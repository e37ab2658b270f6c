//! A card for an address book: vCard 4.0 (RFC 6350).

use domain::{
    dictionary::{Attribute, MANY},
    values::telephone,
};
use gate::Entry;

/// Octets that a line may have, without its end (RFC 6350, section 3.2).
const LINE: usize = 75;

/// The card: lines end in CRLF, long ones are folded, and what is typed by people cannot leave its place.
pub(super) fn written(entry: &Entry) -> String {
    let text = |attribute: Attribute| escaped(entry.attributes.text(attribute));
    let mut card = Card(String::new());
    card.line("BEGIN", "VCARD");
    card.line("VERSION", "4.0");
    card.line("KIND", "individual");
    card.line("UID", &format!("urn:uuid:{}", entry.id));
    card.line("FN", &escaped(&entry.name));
    let name = format!(
        "{};{};;{};",
        text(Attribute::LastName),
        text(Attribute::FirstName),
        text(Attribute::Title)
    );
    card.line("N", &name);
    let department = text(Attribute::Department);
    let organisation = escaped(&entry.organisation);
    match department.as_str() {
        "" => card.line("ORG", &organisation),
        department => card.line("ORG", &format!("{organisation};{department}")),
    }
    card.filled("TITLE", &text(Attribute::JobTitle));
    for role in values(entry, Attribute::Role) {
        card.line("ROLE", &escaped(role));
    }
    card.filled("EMAIL;TYPE=work", &text(Attribute::EmailAddress));
    let telephones = [
        (Attribute::Telephone, "voice"),
        (Attribute::Mobile, "cell"),
        (Attribute::Pager, "pager"),
        (Attribute::Fax, "fax"),
    ];
    for (attribute, kind) in telephones {
        let number = entry.attributes.text(attribute);
        match telephone::address(number) {
            Some(address) => card.address(&format!("TEL;VALUE=uri;TYPE=\"work,{kind}\""), "", &address),
            // What is called from within only has no address of its own.
            None => card.filled(&format!("TEL;TYPE=\"work,{kind}\""), &escaped(number)),
        }
    }
    card.address("IMPP", "sip:", entry.attributes.text(Attribute::SipAddress));
    card.address("URL", "", entry.attributes.text(Attribute::WebPage));
    let categories = [Attribute::ClinicalSpecialty, Attribute::WorkArea];
    let categories = categories.into_iter().flat_map(|attribute| values(entry, attribute));
    let categories: Vec<_> = categories.map(escaped).collect();
    card.filled("CATEGORIES", &categories.join(","));
    card.line("END", "VCARD");
    card.0
}

fn values(entry: &Entry, attribute: Attribute) -> impl Iterator<Item = &str> {
    let values = entry.attributes.text(attribute).split(MANY);
    values.filter(|value| !value.is_empty())
}

struct Card(String);

impl Card {
    /// A property with a value, unless it is empty.
    fn filled(&mut self, property: &str, value: &str) {
        if !value.is_empty() {
            self.line(property, value);
        }
    }

    /// A property whose value is a URI: it is not escaped, and so it has no line of its own in it.
    fn address(&mut self, property: &str, scheme: &str, address: &str) {
        let is_plain = !address.contains(|c: char| c.is_control() || c == ' ');
        if is_plain && !address.is_empty() {
            self.line(property, &format!("{scheme}{address}"));
        }
    }

    /// A property with its value, folded between letters.
    fn line(&mut self, property: &str, value: &str) {
        let mut length = 0;
        for letter in property.chars().chain([':']).chain(value.chars()) {
            if length + letter.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                // The space that begins the rest of a line counts.
                length = 1;
            }
            self.0.push(letter);
            length += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A text as a value (RFC 6350, section 3.4).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ',' | ';' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use domain::dictionary::Value;

    use super::*;

    fn entry(values: &[(Attribute, &str)]) -> Entry {
        let value = |(attribute, text): &(Attribute, &str)| (*attribute, Value::stored((*text).to_owned()));
        Entry {
            id: Default::default(),
            name: "Zoë O’Neill".to_owned(),
            organisation: "Riverside; Trust, North".to_owned(),
            site: String::new(),
            is_contact: false,
            earlier: None,
            attributes: values.iter().map(value).collect(),
        }
    }

    #[test]
    fn a_card_says_what_the_directory_shows() {
        let card = written(&entry(&[
            (Attribute::Title, "Dr"),
            (Attribute::FirstName, "Zoë"),
            (Attribute::LastName, "O’Neill"),
            (Attribute::JobTitle, "Consultant"),
            (Attribute::Department, "Medicine"),
            (Attribute::EmailAddress, "zoe.oneill@health.example"),
            (Attribute::Telephone, "+441632960123"),
            (Attribute::WebPage, "https://a.example/?a=1,2;3"),
            (Attribute::Role, "Consultant; Nurse"),
            (Attribute::WorkArea, "Wards"),
        ]));
        let expected = [
            "BEGIN:VCARD",
            "VERSION:4.0",
            "KIND:individual",
            "UID:urn:uuid:00000000-0000-0000-0000-000000000000",
            "FN:Zoë O’Neill",
            "N:O’Neill;Zoë;;Dr;",
            "ORG:Riverside\\; Trust\\, North;Medicine",
            "TITLE:Consultant",
            "ROLE:Consultant",
            "ROLE:Nurse",
            "EMAIL;TYPE=work:zoe.oneill@health.example",
            "TEL;VALUE=uri;TYPE=\"work,voice\":tel:+441632960123",
            "URL:https://a.example/?a=1,2;3",
            "CATEGORIES:Wards",
            "END:VCARD",
        ];
        assert_eq!(card, expected.map(|line| format!("{line}\r\n")).concat());
    }

    #[test]
    fn numbers_from_within_only_are_texts_of_a_card() {
        let card = written(&entry(&[
            (Attribute::Telephone, "+441632960123 ext 4512"),
            (Attribute::Pager, "0028"),
        ]));
        assert!(
            card.contains("TEL;VALUE=uri;TYPE=\"work,voice\":tel:+441632960123;ext=4512\r\n"),
            "{card}"
        );
        assert!(card.contains("TEL;TYPE=\"work,pager\":0028\r\n"), "{card}");
        let within = written(&entry(&[(Attribute::Telephone, "ext 4512")]));
        assert!(within.contains("TEL;TYPE=\"work,voice\":ext 4512\r\n"), "{within}");
    }

    #[test]
    fn nobody_writes_properties_of_their_own_into_a_card() {
        let trick = "Nurse\r\nTEL:+449011\nX";
        let card = written(&entry(&[
            (Attribute::JobTitle, trick),
            (Attribute::WebPage, "https://a.example/\r\nX:y"),
        ]));
        assert!(
            card.contains("TITLE:Nurse\\nTEL:+449011\\nX\r\n") && !card.contains("\r\nTEL") && !card.contains("URL")
        );
    }

    #[test]
    fn long_lines_are_folded_between_letters() {
        let long = "ë".repeat(100);
        let card = written(&entry(&[(Attribute::JobTitle, &long)]));
        assert!(card.split("\r\n").all(|line| line.len() <= LINE));
        assert!(card.replace("\r\n ", "").contains(&format!("TITLE:{long}\r\n")));
    }
}
