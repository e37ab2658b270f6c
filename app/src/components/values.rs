//! Values as pages show them: as people write them, and sites by their names.

use domain::{
    dictionary::{Attribute, Attributes},
    organisation::Site,
};

/// A value's text as it is shown. The code of one of these sites is told with its name.
#[must_use]
pub fn shown(attribute: Attribute, text: &str, sites: &[Site]) -> String {
    let site = sites
        .iter()
        .find(|site| attribute == Attribute::Site && site.code == text);
    site.map_or_else(
        || attribute.shown(text),
        |site| format!("{} ({})", site.name, site.code),
    )
}

/// What is known of an attribute, as it is shown; none where nothing is.
#[must_use]
pub fn known(attributes: &Attributes, attribute: Attribute, sites: &[Site]) -> Option<String> {
    let value = attributes.get(attribute)?;
    Some(shown(attribute, value.as_str(), sites))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_told_by_its_name_and_nothing_else_is_taken_for_one() {
        let sites = [Site {
            code: "RIVN".to_owned(),
            name: "Northgate Hospital".to_owned(),
        }];
        assert_eq!(shown(Attribute::Site, "RIVN", &sites), "Northgate Hospital (RIVN)");
        assert_eq!(shown(Attribute::Site, "GONE", &sites), "GONE");
        assert_eq!(shown(Attribute::JobTitle, "RIVN", &sites), "RIVN");
    }
}
