//! Who sent a mail, as far as a mail server that is trusted has proved it. From alone is never believed, and whatever is in
//! doubt is no proof.

use domain::email::Distrust;

use crate::{
    addresses,
    fields::{Field, Head},
    known::Known,
    seals,
    spelling::is_plain,
    trust::Trust,
    trusted,
};

/// Who sent a mail, by the word of a mail server that is trusted. Whether there is such an account is for the directory
/// to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The address in From, in small letters.
    pub from: String,
    /// What proves it.
    pub proof: Proof,
}

/// What proves a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The sender signed in to the mail server by this address, in small letters, which must be one of the same account.
    Login(String),
    /// The domain is proved, and with it the address: `dmarc`, `dkim` or `arc`.
    Domain(&'static str),
}

/// Who sent a mail. `return_path` is the envelope's sender, if it is known.
///
/// # Errors
/// It is not proved.
pub(crate) fn sender(head: &Head<'_>, return_path: Option<&str>, trust: &Trust) -> Result<Claim, Distrust> {
    let from = from(head)?;
    // Among the fields that were not kept could be anything.
    if head.is_cut {
        return Err(Distrust::Contradiction);
    }
    let results = trusted::results(head, trust);
    if results.is_empty() {
        return Err(Distrust::NoResults);
    }
    if !has_plain_envelope(head, return_path) {
        return Err(Distrust::Contradiction);
    }
    let domain = addresses::domain(&from);
    let known = Known::of(&results)?;
    let proof = if domain.eq_ignore_ascii_case(&trust.mail_domain) {
        of_the_mail_domain(&known, domain, trust)?
    } else {
        of_another_domain(&known, head, domain, trust).ok_or(Distrust::NotAligned)?
    };
    Ok(Claim { from, proof })
}

/// Whether the envelope's sender, as far as it is known, can be copied into a field without ending anything there.
fn has_plain_envelope(head: &Head<'_>, return_path: Option<&str>) -> bool {
    let written = head.first("return-path").map(Field::text);
    let mut senders = return_path.into_iter().chain(written.as_deref());
    senders.all(|sender| is_plain(sender.trim()))
}

/// The one address in the one From field.
fn from(head: &Head<'_>) -> Result<String, Distrust> {
    let fields: Vec<&Field<'_>> = head.all("from").collect();
    let field = match fields.as_slice() {
        [field] if !field.is_spaced => field,
        // Some programs take a name with a space before its colon for none.
        [] | [_] => return Err(Distrust::NoFrom),
        _ => return Err(Distrust::SeveralFrom),
    };
    let mut read = addresses::read(&field.text());
    match read.list.len() {
        1 if read.is_sound => Ok(read.list.swap_remove(0)),
        0 | 1 => Err(Distrust::NoFrom),
        _ => Err(Distrust::SeveralFrom),
    }
}

fn of_the_mail_domain(known: &Known, domain: &str, trust: &Trust) -> Result<Proof, Distrust> {
    // A login without a name is nobody's.
    let login = known.passed("auth").find(|auth| !auth.about.is_empty());
    if let Some(auth) = login {
        return addresses::address(&auth.about)
            .map(Proof::Login)
            .ok_or(Distrust::AnotherLogin);
    }
    let is_proved = trust.submission_enforces_sender && known.passed("dmarc").any(|dmarc| dmarc.about == domain);
    is_proved.then_some(Proof::Domain("dmarc")).ok_or(Distrust::NotSignedIn)
}

fn of_another_domain(known: &Known, head: &Head<'_>, domain: &str, trust: &Trust) -> Option<Proof> {
    if let Some(method) = known.aligned(domain) {
        return Some(Proof::Domain(method));
    }
    // A forwarder breaks signatures; a seal says what it found before.
    let is_sealed = known.passed("arc").next().is_some();
    let sealed = is_sealed.then(|| seals::last(head, &trust.arc_sealers)).flatten()?;
    let known = Known::of(&[sealed]).ok()?;
    known.aligned(domain).map(|_| Proof::Domain("arc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust() -> Trust {
        Trust {
            authserv_ids: vec!["mx.health.example".to_owned(), "in.health.example".to_owned()],
            received_by: vec!["mx.health.example".to_owned()],
            own_hops: 1,
            mail_domain: "health.example".to_owned(),
            ..Trust::default()
        }
    }

    fn by(from: &str, results: &[&str], trust: &Trust) -> Result<Proof, Distrust> {
        let results: String = results
            .iter()
            .map(|results| format!("Authentication-Results: {results}\r\n"))
            .collect();
        let mail = format!("{results}{from}\r\n\r\n");
        let head = Head::read(mail.as_bytes(), 1_000_000);
        sender(&head, None, trust).map(|claim| claim.proof)
    }

    fn inside(results: &[&str]) -> Result<Proof, Distrust> {
        by("From: Dana <dana@health.example>", results, &trust())
    }

    fn outside(results: &[&str]) -> Result<Proof, Distrust> {
        by("From: sam@hr.trust.example", results, &trust())
    }

    fn login(address: &str) -> Result<Proof, Distrust> {
        Ok(Proof::Login(address.to_owned()))
    }

    #[test]
    fn sender_of_the_mail_domain_is_proved_by_the_login_alone() {
        let signed_in = "mx.health.example; auth=pass smtp.auth=D.Connors@health.example";
        assert_eq!(inside(&[signed_in]), login("d.connors@health.example"));
        let without_domain = "mx.health.example; auth=pass smtp.auth=dana";
        assert_eq!(inside(&[without_domain]), Err(Distrust::AnotherLogin));
        for results in [
            "mx.health.example; none",
            "mx.health.example; auth=none",
            "mx.health.example; auth=pass smtp.mailfrom=dana@health.example",
            "mx.health.example; auth=fail smtp.auth=dana@health.example",
            "mx.health.example; spf=pass smtp.mailfrom=dana@health.example",
            "mx.health.example; dmarc=pass header.from=health.example; dkim=pass header.d=health.example",
            "mx.health.example; spf=pass (auth=pass smtp.auth=dana@health.example)",
            "mx.health.example; spf=pass reason=\"; auth=pass smtp.auth=dana@health.example\"",
        ] {
            assert_eq!(inside(&[results]), Err(Distrust::NotSignedIn), "{results}");
        }
    }

    #[test]
    fn dmarc_proves_colleagues_only_where_the_server_enforces_senders() {
        let enforced = Trust {
            submission_enforces_sender: true,
            ..trust()
        };
        let from = "From: dana@health.example";
        let dmarc = "mx.health.example; dmarc=pass header.from=health.example";
        assert_eq!(by(from, &[dmarc], &enforced), Ok(Proof::Domain("dmarc")));
        let other = "mx.health.example; dmarc=pass header.from=evil.example";
        assert_eq!(by(from, &[other], &enforced), Err(Distrust::NotSignedIn));
        let signature = "mx.health.example; dkim=pass header.d=health.example";
        assert_eq!(by(from, &[signature], &enforced), Err(Distrust::NotSignedIn));
        // A login says more.
        let both = "mx.health.example; auth=pass smtp.auth=eve@health.example; dmarc=pass header.from=health.example";
        assert_eq!(by(from, &[both], &enforced), login("eve@health.example"));
    }

    #[test]
    fn sender_elsewhere_is_proved_by_dmarc_or_an_aligned_signature() {
        for (results, method) in [
            ("mx.health.example; dmarc=pass header.from=hr.trust.example", "dmarc"),
            (
                "mx.health.example; dmarc=pass (p=none) header.from=HR.Trust.example",
                "dmarc",
            ),
            ("mx.health.example; dkim=pass header.d=hr.trust.example", "dkim"),
            (
                "mx.health.example; dkim=pass header.d=trust.example; dmarc=none",
                "dkim",
            ),
            (
                "mx.health.example; dkim=none header.d=list.example; dkim=pass header.d=trust.example",
                "dkim",
            ),
            (
                "mx.health.example; dkim=fail header.d=trust.example; dkim=pass header.d=trust.example",
                "dkim",
            ),
            (
                "mx.health.example; dkim=pass header.i=@trust.example header.s=s1",
                "dkim",
            ),
        ] {
            assert_eq!(outside(&[results]), Ok(Proof::Domain(method)), "{results}");
        }
        for results in [
            "mx.health.example; spf=pass smtp.mailfrom=sam@hr.trust.example",
            "mx.health.example; auth=pass smtp.auth=sam@hr.trust.example",
            "mx.health.example; dmarc=pass",
            "mx.health.example; dmarc=pass header.from=trust.example",
            "mx.health.example; dmarc=fail header.from=hr.trust.example",
            "mx.health.example; dmarc=fail header.from=hr.trust.example; dkim=pass header.d=trust.example",
            "mx.health.example; dkim=pass header.d=hr.trust.example; dmarc=fail",
            "mx.health.example; dkim=pass header.d=example",
            "mx.health.example; dkim=pass header.d=rust.example",
            "mx.health.example; dkim=pass header.d=mail.hr.trust.example",
            "mx.health.example; dkim=pass header.d=.trust.example",
            "mx.health.example; dkim=pass header.d=hr.trust.example.evil.example",
            "mx.health.example; arc=pass",
        ] {
            assert_eq!(outside(&[results]), Err(Distrust::NotAligned), "{results}");
        }
    }

    #[test]
    fn look_alike_and_sub_domains_are_elsewhere() {
        let signed_in = "mx.health.example; auth=pass smtp.auth=dana@health.example";
        for from in [
            "From: dana@mail.health.example",
            "From: dana@healthexample",
            "From: dana@health.example.evil.example",
            "From: dana@hea1th.example",
            "From: dana@h\u{435}alth.example",
            "From: dana@xn--halth-5of.example",
        ] {
            assert_eq!(by(from, &[signed_in], &trust()), Err(Distrust::NotAligned), "{from}");
        }
        assert_eq!(
            by("From: DANA@HEALTH.EXAMPLE", &[signed_in], &trust()),
            login("dana@health.example")
        );
    }

    #[test]
    fn from_must_be_one_field_with_one_address() {
        let signed_in = "mx.health.example; auth=pass smtp.auth=dana@health.example";
        for from in [
            "From: dana@health.example\r\nFrom: eve@evil.example",
            "From: dana@health.example\r\nfrom : dana@health.example",
            "From: dana@health.example, eve@evil.example",
        ] {
            assert_eq!(by(from, &[signed_in], &trust()), Err(Distrust::SeveralFrom), "{from}");
        }
        for from in [
            "Sender: dana@health.example",
            "From : dana@health.example",
            "From:",
            "From: Dana",
            "From: \"dana@health.example\"",
            "From: dana@health.example <eve@evil.example>",
            "From: eve@evil.example\0",
            "X: y\rFrom: dana@health.example",
        ] {
            assert_eq!(by(from, &[signed_in], &trust()), Err(Distrust::NoFrom), "{from:?}");
        }
    }

    #[test]
    fn results_that_contradict_each_other_prove_nothing() {
        let signed_in = "mx.health.example; auth=pass smtp.auth=dana@health.example";
        for other in [
            "mx.health.example; auth=fail",
            "mx.health.example; auth=none",
            "mx.health.example; auth=pass smtp.auth=eve@health.example",
            "in.health.example; auth=fail smtp.auth=dana@health.example",
            "in.health.example; auth=pass smtp.auth=eve@health.example",
            "mx.health.example; auth=pass smtp.auth=dana@health.example smtp.auth=eve@health.example",
            "mx.health.example; auth=pass (",
            "mx.health.example 2; none",
            "mx.health.example; spf=none; auth=pass smtp.auth=dana@health.example",
            "mx.health.example; spf=none smtp.mailfrom=\"a b@evil.example\"",
            "mx.health.example; spf=none (domain of \"a) (b\"@evil.example)",
        ] {
            assert_eq!(inside(&[signed_in, other]), Err(Distrust::Contradiction), "{other}");
            assert_eq!(inside(&[other, signed_in]), Err(Distrust::Contradiction), "{other}");
        }
        for other in [
            "mx.health.example; dmarc=pass header.from=health.example",
            signed_in,
            "in.health.example; auth=none",
        ] {
            assert_eq!(inside(&[signed_in, other]), login("dana@health.example"), "{other}");
        }
        let proved = "mx.health.example; dmarc=pass header.from=hr.trust.example";
        for other in [
            "mx.health.example; dmarc=fail header.from=hr.trust.example",
            "in.health.example; dmarc=fail header.from=hr.trust.example",
            "mx.health.example; dmarc=pass header.from=evil.example",
        ] {
            assert_eq!(outside(&[proved, other]), Err(Distrust::Contradiction), "{other}");
        }
        let signed = "mx.health.example; dkim=pass header.d=trust.example";
        let broken = "mx.health.example; dkim=fail header.d=trust.example";
        assert_eq!(outside(&[signed, broken]), Err(Distrust::Contradiction));
        let both = "mx.health.example; dkim=none; dkim=pass header.d=trust.example";
        assert_eq!(outside(&[both]), Err(Distrust::Contradiction));
        let of_another = "mx.health.example; dkim=fail header.d=list.example";
        assert_eq!(outside(&[signed, of_another]), Ok(Proof::Domain("dkim")));
    }

    #[test]
    fn envelope_with_signs_that_end_something_proves_nobody() {
        let mail = |envelope: &str| {
            format!(
                "Return-Path: {envelope}\r\nAuthentication-Results: mx.health.example; auth=pass \
                 smtp.auth=dana@health.example\r\nFrom: dana@health.example\r\n\r\n"
            )
        };
        let proof = |bytes: &str, return_path: Option<&str>| {
            let head = Head::read(bytes.as_bytes(), 10_000);
            sender(&head, return_path, &trust()).map(|claim| claim.proof)
        };
        for envelope in [
            "<dana@health.example>",
            "<srs0=ab=x.example=d.o'neill+1@x.example>",
            "<>",
            "",
        ] {
            let mail = mail(envelope);
            assert_eq!(proof(&mail, None), login("dana@health.example"), "{envelope}");
            assert_eq!(proof(&mail, Some(envelope)), login("dana@health.example"), "{envelope}");
        }
        let plain = mail("<dana@health.example>");
        for local in [
            "\"x\"",
            "x(y)",
            "x)",
            "x;y",
            "x y",
            "x\\y",
            "x,y",
            "\"x) ; auth=pass (y\"",
            "x\0y",
        ] {
            let envelope = format!("<{local}@evil.example>");
            assert_eq!(
                proof(&mail(&envelope), None),
                Err(Distrust::Contradiction),
                "{envelope:?}"
            );
            assert_eq!(
                proof(&plain, Some(&envelope)),
                Err(Distrust::Contradiction),
                "{envelope:?}"
            );
        }
    }

    #[test]
    fn without_a_listed_server_nobody_is_proved() {
        let signed_in = "mx.health.example; auth=pass smtp.auth=dana@health.example";
        let nobody = Trust {
            authserv_ids: Vec::new(),
            ..trust()
        };
        let from = "From: dana@health.example";
        assert_eq!(by(from, &[signed_in], &nobody), Err(Distrust::NoResults));
        assert_eq!(by(from, &[], &trust()), Err(Distrust::NoResults));
        let stranger = "mx.evil.example; auth=pass smtp.auth=dana@health.example";
        assert_eq!(by(from, &[stranger], &trust()), Err(Distrust::NoResults));
        // A server of the operator that says nothing beside it is no contradiction, and no proof.
        assert_eq!(
            by(from, &[stranger, "mx.health.example; none"], &trust()),
            Err(Distrust::NotSignedIn)
        );
    }

    #[test]
    fn seal_counts_only_of_a_listed_forwarder_with_a_proved_sender() {
        let sealing = Trust {
            arc_sealers: vec!["lists.example".to_owned()],
            ..trust()
        };
        let sealed = |sealer: &str, found: &str| {
            let from = format!(
                "ARC-Seal: i=1; a=rsa-sha256; d={sealer}; s=s1; cv=none; b=abc\r\n\
                 ARC-Authentication-Results: i=1; mx.{sealer}; {found}\r\nFrom: sam@hr.trust.example"
            );
            by(
                &from,
                &["mx.health.example; arc=pass; dmarc=fail header.from=hr.trust.example"],
                &sealing,
            )
        };
        let proved = "dmarc=pass header.from=hr.trust.example";
        assert_eq!(sealed("lists.example", proved), Ok(Proof::Domain("arc")));
        assert_eq!(sealed("evil.example", proved), Err(Distrust::NotAligned));
        assert_eq!(
            sealed("lists.example", "spf=pass smtp.mailfrom=hr.trust.example"),
            Err(Distrust::NotAligned)
        );
        let unchecked = "ARC-Seal: i=1; d=lists.example\r\nARC-Authentication-Results: i=1; mx.lists.example; \
                         dmarc=pass header.from=hr.trust.example\r\nFrom: sam@hr.trust.example";
        assert_eq!(
            by(unchecked, &["mx.health.example; arc=fail"], &sealing),
            Err(Distrust::NotAligned)
        );
    }
}
