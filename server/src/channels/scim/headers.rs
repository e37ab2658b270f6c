//! What a request's headers ask for: how its body is read, on which version it depends, and whether it is for good.

use axum::http::{HeaderMap, HeaderName, header};
use scim::{
    error::{ScimError, ScimType},
    etag::{Access, ETag, Precondition, Tags, weigh},
    refusal::Refusal,
};

use super::answers::Failed;

/// The header by which clients say how they want something done (RFC 7240).
pub(super) const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The header that says which of it was done.
pub(super) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The preference for knowing what a request would do.
pub(super) const REHEARSE: &str = "rehearse";

/// The preference for errors with the problems one by one.
pub(super) const PROBLEMS: &str = "problems";

/// The kinds of bodies that are read.
const KINDS: [&str; 2] = ["application/scim+json", "application/json"];

/// Whether a request prefers something.
pub(super) fn prefers(headers: &HeaderMap, what: &str) -> bool {
    let is_it = |preference: &str| name_of(preference).eq_ignore_ascii_case(what);
    preferences(headers).iter().any(|preference| is_it(preference))
}

/// Refuses a preference that looks as if nothing should be done, and is not the one that does nothing.
///
/// # Errors
/// `invalidValue`.
pub(super) fn check_preferences(headers: &HeaderMap) -> Result<(), ScimError> {
    let is_near = |text: &str| text.to_lowercase().contains("rehears");
    let is_wrong = |preference: &String| {
        let name = name_of(preference);
        let parameters = preference.get(name.len()..).unwrap_or_default();
        is_near(name) && !name.eq_ignore_ascii_case(REHEARSE) || is_near(parameters)
    };
    if preferences(headers).iter().any(is_wrong) {
        let said = "Send “Prefer: rehearse” exactly so to see what a request would do. Nothing was done.";
        return Err(ScimError::of(ScimType::InvalidValue, said));
    }
    Ok(())
}

/// What a request prefers, each with its parameters.
fn preferences(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(PREFER).iter();
    let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
    let all = lines.flat_map(|line| line.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>());
    all.collect()
}

fn name_of(preference: &str) -> &str {
    preference.split(';').next().unwrap_or_default().trim_end()
}

/// Refuses a body of another kind.
///
/// # Errors
/// 415.
pub(super) fn check_kind(headers: &HeaderMap) -> Result<(), ScimError> {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let mut parts = text(header::CONTENT_TYPE).split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let is_known = KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind));
    if is_known && !parts.all(is_utf_8) {
        let said = "Send the body as UTF-8: JSON has no other charset. Leave charset out, or send charset=utf-8.";
        return Err(ScimError::plain(415, said));
    }
    let packed = text(header::CONTENT_ENCODING).trim();
    match is_known && (packed.is_empty() || packed.eq_ignore_ascii_case("identity")) {
        true => Ok(()),
        false => {
            let said = "Send the body as JSON and not compressed, with Content-Type: application/scim+json.";
            Err(ScimError::plain(415, said))
        }
    }
}

/// Whether a parameter of a body's kind names no other encoding than JSON's (RFC 8259, 8.1).
fn is_utf_8(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let value = value.trim().trim_matches('"');
    let is_known = ["utf-8", "utf8"].iter().any(|known| known.eq_ignore_ascii_case(value));
    is_known || !name.trim().eq_ignore_ascii_case("charset")
}

/// On which versions of a resource a request depends.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
    /// A header that holds no tags.
    unreadable: Option<HeaderName>,
}

impl Conditions {
    /// What the headers say. A tag that is none of ours names no version that is there, as a former one does.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| {
            let lines = headers.get_all(name).iter();
            let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
            (!lines.is_empty()).then(|| lines.join(", "))
        };
        let is_no_tag = |name: &HeaderName| text(name.clone()).is_some_and(|sent| !Tags::are_written(&sent));
        Self {
            if_match: text(header::IF_MATCH),
            if_none_match: text(header::IF_NONE_MATCH),
            unreadable: [header::IF_MATCH, header::IF_NONE_MATCH].into_iter().find(is_no_tag),
        }
    }

    /// What an operation of a bulk request says.
    pub(super) fn of_version(version: Option<&ETag>) -> Self {
        Self {
            if_match: version.map(ToString::to_string),
            if_none_match: None,
            unreadable: None,
        }
    }

    /// Whether a resource that is read has changed; 304 if not.
    ///
    /// # Errors
    /// 412.
    pub(super) fn is_news(&self, version: &ETag) -> Result<bool, Failed> {
        match self.weighed(Access::Reads, version) {
            Precondition::Holds => Ok(true),
            Precondition::NotModified => Ok(false),
            Precondition::Failed => Err(Refusal::Changed.into()),
        }
    }

    /// Refuses to write over what the client has not seen.
    ///
    /// # Errors
    /// 412, also where it cannot be told what the client has seen.
    pub(super) fn check(&self, version: &ETag) -> Result<(), Failed> {
        if let Some(name) = &self.unreadable {
            let name = match name.as_str() {
                "if-match" => "If-Match",
                _ => "If-None-Match",
            };
            let said =
                format!("{name} is a version in quotes, as the header ETag gives it: {version}. Nothing was done.");
            return Err(ScimError::plain(412, said).into());
        }
        match self.weighed(Access::Writes, version) {
            Precondition::Holds => Ok(()),
            Precondition::NotModified | Precondition::Failed => Err(Refusal::Changed.into()),
        }
    }

    fn weighed(&self, access: Access, version: &ETag) -> Precondition {
        weigh(access, version, self.if_match.as_deref(), self.if_none_match.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(texts: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, text) in texts {
            headers.append(name.clone(), HeaderValue::from_static(text));
        }
        headers
    }

    #[test]
    fn preferences_are_found_among_others() {
        let sent = headers(&[(PREFER, "return=representation, Rehearse"), (PREFER, "wait=10")]);
        assert!(prefers(&sent, REHEARSE) && !prefers(&sent, PROBLEMS));
        assert!(!prefers(&headers(&[(PREFER, "rehearsed")]), REHEARSE));
        assert!(prefers(&headers(&[(PREFER, "problems ; all")]), PROBLEMS));
    }

    #[test]
    fn what_only_looks_like_a_rehearsal_is_refused() {
        for (sent, is_taken) in [
            ("rehearse", true),
            ("REHEARSE; depth=1, problems", true),
            ("return=minimal, wait=10", true),
            ("rehearse=true", false),
            ("rehearsal", false),
            ("\"rehearse\"", false),
            ("problems, rehearsed", false),
            ("return=minimal; rehearse", false),
            ("dry-run;Rehearsal", false),
        ] {
            let checked = check_preferences(&headers(&[(PREFER, sent)]));
            assert_eq!(checked.is_ok(), is_taken, "{sent}");
        }
        assert!(check_preferences(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn bodies_are_json_and_not_packed() {
        for (kind, is_read) in [
            ("application/scim+json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/scim+json;Charset=\"UTF-8\"", true),
            ("application/scim+json; profile=charset", true),
            ("application/json; charset=utf-16", false),
            ("application/json; profile=x; CHARSET=latin1", false),
            ("application/json; charset", false),
            ("text/csv", false),
            ("", false),
        ] {
            let sent = headers(&[(header::CONTENT_TYPE, kind)]);
            assert_eq!(check_kind(&sent).is_ok(), is_read, "{kind}");
        }
        assert_eq!(check_kind(&HeaderMap::new()).unwrap_err().status, 415);
        let packed = headers(&[
            (header::CONTENT_TYPE, "application/json"),
            (header::CONTENT_ENCODING, "gzip"),
        ]);
        assert_eq!(check_kind(&packed).unwrap_err().status, 415);
    }

    #[test]
    fn only_a_tag_that_names_what_is_there_lets_a_write_through() {
        let version = ETag::of("12.3");
        for (sent, holds) in [
            ("W/\"12.3\"", true),
            ("\"12.3\"", true),
            ("*", true),
            ("W/\"12.2\"", false),
            ("W/\"12.2\", W/\"12.3\"", true),
            ("W/\"3b8c0d9e\"", false),
            ("W/\"2026-11-30T09:15:00\"", false),
            ("W/\"3b8c0d9e\", \"12.3\"", true),
            ("\"*\"", false),
            ("*, \"12.3\"", false),
            ("W/\"12.3\", nonsense", false),
            ("nonsense", false),
            ("12.3", false),
            ("W/12.3", false),
            ("\"", false),
            ("", false),
        ] {
            let conditions = Conditions::of(&headers(&[(header::IF_MATCH, sent)]));
            let refused = conditions.check(&version).err().map(|failed| failed.error.status);
            assert_eq!(refused, (!holds).then_some(412), "{sent}");
        }
        let of_bulk = Conditions::of_version(Some(&ETag::of("3b8c0d9e")));
        assert!(of_bulk.check(&version).is_err());
    }

    #[test]
    fn what_the_client_has_already_is_no_news() {
        let conditions = Conditions::of(&headers(&[(header::IF_NONE_MATCH, "W/\"12.3\"")]));
        assert!(!conditions.is_news(&ETag::of("12.3")).unwrap());
        assert!(conditions.is_news(&ETag::of("13.3")).unwrap());
        assert_eq!(conditions.if_match, None);
    }
}
