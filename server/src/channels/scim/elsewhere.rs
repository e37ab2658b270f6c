//! Addresses that the service does not have, and methods that an address does not take: told in the form of SCIM, too.

use app::routes;
use axum::http::{Method, Uri, header};
use scim::{error::ScimError, refusal::Refusal};

use super::answers::{Answer, Failed};

/// Every other path below the service.
pub(crate) async fn nothing(uri: Uri) -> Answer {
    let path = uri.path();
    let first = within(path).split('/').next().unwrap_or_default();
    let failed = match (within(path), first) {
        ("Me", _) => Failed::from(Refusal::Me),
        (_, "Groups") => ScimError::no_groups().into(),
        _ if path.contains("//") || path.ends_with('/') => {
            let said = "The address has one / too many. Enter the address of the service without a / at its end.";
            ScimError::plain(404, said).into()
        }
        _ => ScimError::not_found().into(),
    };
    Err(failed)
}

/// Another method than a path takes; the header Allow, which the route adds, lists those that it does.
pub(crate) async fn another_method(method: Method, uri: Uri) -> Answer {
    let is_contact = within(uri.path()).split('/').next() == Some("Contacts");
    let is_write = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&method);
    if is_contact && is_write {
        return Err(Refusal::Contact.into());
    }
    let said = "Method not allowed. The header Allow lists the methods that this address takes.";
    let remedy = "Check the address that is entered in the other system.";
    let failed = Failed::from(ScimError::plain(405, said).remedied(remedy));
    let mut parts = within(uri.path()).split('/');
    let is_user = parts.next() == Some("Users") && parts.next().is_some_and(|id| !id.starts_with('.'));
    // Whether people can be deleted is a setting of each connector, which says no unless it is set.
    Err(match is_user {
        true => failed.header(header::ALLOW, "GET, PUT, PATCH"),
        false => failed,
    })
}

/// A path below the service, or below the organisation that it is bound to.
fn within(path: &str) -> &str {
    let rest = path.strip_prefix(routes::SCIM).unwrap_or(path);
    let rest = match rest.strip_prefix("/organisations/") {
        Some(bound) => bound.find('/').map_or("", |at| &bound[at..]),
        None => rest,
    };
    rest.trim_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn refused(method: Method, path: &'static str) -> u16 {
        let answer = another_method(method, Uri::from_static(path)).await;
        answer.unwrap_err().error.status
    }

    #[test]
    fn paths_are_read_below_an_organisation_too() {
        for (path, rest) in [
            ("/scim/v2/Me", "Me"),
            ("/scim/v2/organisations/RIV/Me", "Me"),
            ("/scim/v2/organisations/RIV", ""),
            ("/scim/v2", ""),
            ("/scim/v2/Contacts/1", "Contacts/1"),
        ] {
            assert_eq!(within(path), rest, "{path}");
        }
    }

    #[tokio::test]
    async fn contacts_say_that_they_are_only_read() {
        let answer = another_method(Method::PUT, Uri::from_static("/scim/v2/Contacts/1")).await;
        assert!(
            answer
                .unwrap_err()
                .error
                .said
                .starts_with("Contacts are read only here.")
        );
        assert_eq!(refused(Method::PUT, "/scim/v2/Schemas").await, 405);
        let me = nothing(Uri::from_static("/scim/v2/Me")).await;
        assert_eq!(me.unwrap_err().error.status, 501);
        for (path, said) in [
            ("/scim/v2/Groups", "Groups are not synchronised."),
            ("/scim/v2/organisations/RIV/Groups/1", "Groups are not synchronised."),
            ("/scim/v2/Users/", "The address has one / too many."),
            ("/scim/v2//Users/1", "The address has one / too many."),
            ("/scim/v2/Elsewhere", "There is no such resource"),
        ] {
            let error = nothing(Uri::from_static(path)).await.unwrap_err().error;
            assert_eq!(error.status, 404, "{path}");
            assert!(error.said.starts_with(said), "{path}: {}", error.said);
        }
    }
}
