//! Versions of resources as weak entity tags, and the headers that ask by them (RFC 9110, 13.1; RFC 7644, 3.14).

use std::fmt;

/// A resource's version: `W/"12"`. Two resources are the same if their tags are (weak comparison).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ETag(String);

impl ETag {
    /// The tag of a version, which may be any text: what is no letter, digit, dot, hyphen or underscore is left out.
    #[must_use]
    pub fn of(version: &str) -> Self {
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || "-_.".contains(*c);
        Self(version.chars().filter(is_plain).collect())
    }

    /// Reads one tag, weak or strong.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text
            .strip_prefix("W/")
            .or_else(|| text.strip_prefix("w/"))
            .unwrap_or(text);
        let opaque = text.strip_prefix('"')?.strip_suffix('"')?;
        (!opaque.contains('"')).then(|| Self(opaque.to_owned()))
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "W/\"{}\"", self.0)
    }
}

/// What a header If-Match or If-None-Match asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tags {
    /// Any version at all: `*`.
    Any,
    /// One of these.
    These(Vec<ETag>),
}

/// The most tags that are read of one header.
const MOST: usize = 50;

impl Tags {
    /// Reads the header's value. What is no tag matches nothing.
    #[must_use]
    pub fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let mut tags = Vec::new();
        let mut rest = header;
        while let Some(begins) = rest.find('"').filter(|_| tags.len() < MOST) {
            let opaque = &rest[begins + 1..];
            let Some(end) = opaque.find('"') else { break };
            tags.push(ETag(opaque[..end].to_owned()));
            rest = &opaque[end + 1..];
        }
        Self::These(tags)
    }

    /// Whether a header's value is a star, or tags in quotes with commas between them, as they must be.
    #[must_use]
    pub fn are_written(header: &str) -> bool {
        let mut rest = header.trim();
        if rest == "*" {
            return true;
        }
        loop {
            let tag = rest.strip_prefix("W/").or_else(|| rest.strip_prefix("w/"));
            let opaque = tag.unwrap_or(rest).strip_prefix('"');
            let Some((_, behind)) = opaque.and_then(|opaque| opaque.split_once('"')) else {
                return false;
            };
            rest = behind.trim_start();
            if rest.is_empty() {
                return true;
            }
            let Some(behind) = rest.strip_prefix(',') else {
                return false;
            };
            rest = behind.trim_start();
        }
    }

    /// Whether a version is among them.
    #[must_use]
    pub fn match_version(&self, version: &ETag) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.contains(version),
        }
    }
}

/// What the headers of a request come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// The request is done.
    Holds,
    /// Reading: nothing has changed, 304.
    NotModified,
    /// Writing: it has changed since it was read, 412.
    Failed,
}

/// Whether a request reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Access {
    Reads,
    Writes,
}

/// Weighs the headers of a request about a resource that is there.
#[must_use]
pub fn weigh(access: Access, version: &ETag, if_match: Option<&str>, if_none_match: Option<&str>) -> Precondition {
    if if_match.is_some_and(|header| !Tags::parse(header).match_version(version)) {
        return Precondition::Failed;
    }
    if if_none_match.is_some_and(|header| Tags::parse(header).match_version(version)) {
        return match access {
            Access::Reads => Precondition::NotModified,
            Access::Writes => Precondition::Failed,
        };
    }
    Precondition::Holds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_weak_and_read_back_with_or_without_its_mark() {
        let tag = ETag::of("12-a\"\r\n");
        assert_eq!(tag.to_string(), "W/\"12-a\"");
        assert_eq!(ETag::parse(" W/\"12-a\" "), Some(tag.clone()));
        assert_eq!(ETag::parse("\"12-a\""), Some(tag));
        for text in ["", "12", "W/12", "\"a", "\"a\"b\""] {
            assert_eq!(ETag::parse(text), None, "{text}");
        }
    }

    #[test]
    fn headers_hold_a_star_or_several_tags() {
        let version = ETag::of("7");
        for (header, is_match) in [
            ("*", true),
            ("W/\"7\"", true),
            ("\"6\", W/\"7\"", true),
            ("\"a,b\",\"7\"", true),
            ("\"6\"", false),
            ("7", false),
            ("", false),
            ("\"7", false),
        ] {
            assert_eq!(Tags::parse(header).match_version(&version), is_match, "{header}");
        }
    }

    #[test]
    fn tags_without_quotes_are_no_tags() {
        for (header, are_tags) in [
            ("*", true),
            ("W/\"7\"", true),
            ("\"a,b\" , w/\"7\"", true),
            ("\"\"", true),
            ("", false),
            ("7", false),
            ("W/7", false),
            ("\"", false),
            ("\"7\",", false),
            ("\"7\" \"8\"", false),
            ("\"7\", 8", false),
        ] {
            assert_eq!(Tags::are_written(header), are_tags, "{header}");
        }
    }

    #[test]
    fn reading_is_spared_what_it_has_and_writing_refused_what_changed() {
        let version = ETag::of("7");
        let weighed = |access, if_match, if_none_match| weigh(access, &version, if_match, if_none_match);
        assert_eq!(weighed(Access::Reads, None, Some("W/\"7\"")), Precondition::NotModified);
        assert_eq!(weighed(Access::Reads, None, Some("W/\"6\"")), Precondition::Holds);
        assert_eq!(weighed(Access::Writes, Some("W/\"6\""), None), Precondition::Failed);
        assert_eq!(weighed(Access::Writes, Some("W/\"7\""), None), Precondition::Holds);
        assert_eq!(weighed(Access::Writes, None, Some("*")), Precondition::Failed);
        assert_eq!(weighed(Access::Writes, None, None), Precondition::Holds);
    }
}
