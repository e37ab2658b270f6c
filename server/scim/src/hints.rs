//! What a client can do about a problem: the dictionary speaks of cells and rows, of which a resource has none.

use domain::problem::{Audience, Kind, Problem};

/// What a client can do about a problem; empty if there is nothing to say.
pub(crate) fn hint(problem: &Problem) -> String {
    match &problem.kind {
        Kind::CannotClear { .. } => "Send a value, or leave it out to keep what is there.".to_owned(),
        Kind::Unprintable { .. } | Kind::Unseen { .. } => "Send the text without it.".to_owned(),
        Kind::NotAName { .. } => "Send it in letters.".to_owned(),
        Kind::NotInList { nearest: None, .. } => "Send one of the values that /Schemas lists for it.".to_owned(),
        Kind::DigitsLost { .. } => "Send the whole number, as a text.".to_owned(),
        Kind::CellError { .. } => "Send the value itself.".to_owned(),
        Kind::NotTakingChanges { .. } => "Change the account in the portal.".to_owned(),
        // It is only a warning, and addresses are read only.
        Kind::LooksLike { .. } | Kind::LooksLikeContact { .. } | Kind::ContactAlreadyHere { .. } => {
            "If it is the same person, change that one instead. If not, create the account.".to_owned()
        }
        Kind::OtherName { .. } | Kind::OtherLocalId { .. } => {
            "If it is someone else, correct the key that you send.".to_owned()
        }
        _ => problem
            .hint(Audience::Program)
            .replace("leave the cell empty", "leave it out")
            .replace("Leave the cell empty", "Leave it out"),
    }
}

#[cfg(test)]
mod tests {
    use domain::{dictionary::Attribute, organisation::OrganisationCode, values::ids::RowNumber};

    use super::*;
    use crate::testing::rules;

    #[test]
    fn hints_speak_of_no_cells_and_no_pasting() {
        let of = |attribute, text: &str, kind| hint(&Problem::in_cell(RowNumber(1), attribute, text, kind));
        let attribute = Attribute::LastName;
        let cleared = of(attribute, "", Kind::CannotClear { attribute });
        assert_eq!(cleared, "Send a value, or leave it out to keep what is there.");
        let unseen = Attribute::FirstName.parse("Jan\u{200B}e", ';', &rules());
        let unseen = of(
            Attribute::FirstName,
            "Jan\u{200B}e",
            unseen.expect_err("a sign that nobody sees"),
        );
        assert_eq!(unseen, "Send the text without it.");
        let smiley = Attribute::LastName.parse("😀", ';', &rules());
        let smiley = of(Attribute::LastName, "😀", smiley.expect_err("no name"));
        assert_eq!(smiley, "Send it in letters.");
        let organisation = OrganisationCode::parse("RIV").expect("a code");
        let site = of(Attribute::Site, "zzz", Kind::UnknownSite { organisation });
        assert!(site.ends_with("or leave it out."), "{site}");
    }
}
