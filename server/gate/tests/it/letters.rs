//! Every letter as people get it, and that nothing in a name can make anything else of it.

use std::fmt::Write;

use domain::{channel::Channel, offer::OfferEnd, policy::Role, values::ids::Timestamp};
use gate::service::letters::{
    AbsenceNews, ConnectorDigest, FactorNews, Letter, MoveNews, PersonNews, RoleEnd, RoleNews, RoleTurn, SendsByEmail,
};
use store::access::credentials::PendingLink;

/// Where the one-time link of a letter leads.
const URL: &str = "https://staffbook.example/start/one-time-token";

/// 3 March 2027, 14:05 in London.
const THEN: Timestamp = Timestamp(1_804_082_700_000);

/// Every letter there is, for somebody with a name of one's choice.
fn letters(first_name: &str) -> Vec<(&'static str, Letter)> {
    let first_name = || first_name.to_owned();
    let riverside = || "Riverside Hospitals Trust".to_owned();
    let hillside = || "Hillside Surgery".to_owned();
    let ben = || "Ben Cartwright".to_owned();
    let contact = || "Zoë O’Neill".to_owned();
    let link = |path: &str| format!("https://staffbook.example{path}");
    let offer_ended = |how: OfferEnd, by: Option<&str>| Letter::OfferEnded {
        first_name: first_name(),
        contact: contact(),
        to: hillside(),
        how,
        by: by.map(ToOwned::to_owned),
        link: link("/offers"),
    };
    let finished = |left_out: u32, back_to_review: u32| Letter::UploadFinished {
        first_name: first_name(),
        file_name: "staff list.csv".to_owned(),
        created: 1_200,
        updated: 12,
        no_change: 3,
        left_out,
        skipped: left_out / 2,
        back_to_review,
        link: link("/submissions/7Q4K9TZM2X"),
    };
    let back_in = |locked: bool| Letter::WayBackIn {
        first_name: first_name(),
        locked,
        link: PendingLink::until(THEN),
    };
    let mut letters = vec![
        (
            "Activation",
            Letter::Activation {
                first_name: first_name(),
                organisation: riverside(),
                address: "jane.example@health.example".to_owned(),
                link: PendingLink::until(THEN),
            },
        ),
        (
            "Password reset",
            Letter::PasswordReset {
                first_name: first_name(),
                by: ben(),
                link: PendingLink::until(THEN),
            },
        ),
        (
            "Link replaced",
            Letter::LinkReplaced {
                first_name: first_name(),
                link: PendingLink::until(THEN),
            },
        ),
        (
            "Token revoked",
            Letter::TokenRevoked {
                first_name: first_name(),
                name: "Payroll".to_owned(),
                by: ben(),
            },
        ),
        (
            "Link sent",
            Letter::LinkSent {
                first_name: first_name(),
                by: ben(),
                sent_to: "jane.example@health.example".to_owned(),
            },
        ),
        (
            "Address changed",
            Letter::AddressChanged {
                first_name: first_name(),
                by: ben(),
                before: "jane.before@health.example".to_owned(),
                after: "jane.example@health.example".to_owned(),
            },
        ),
        (
            "Password changed",
            Letter::PasswordChanged {
                first_name: first_name(),
            },
        ),
        (
            "Account locked",
            Letter::AccountLocked {
                first_name: first_name(),
                way_back: link("/password-reset"),
            },
        ),
        ("Way back in", back_in(true)),
        ("Way back in", back_in(false)),
        (
            "Leaver marked",
            Letter::LeaverMarked {
                first_name: first_name(),
                organisation: riverside(),
                by: ben(),
                deleted_on: Some(THEN),
                roles: vec![ended(Role::LocalHelpdesk, RoleEnd::Leaver)],
            },
        ),
        (
            "Leaver undone",
            Letter::LeaverUndone {
                first_name: first_name(),
                organisation: riverside(),
            },
        ),
        (
            "Account ending",
            Letter::AccountEnding {
                first_name: first_name(),
                deleted_on: THEN,
            },
        ),
        (
            "Offer received",
            Letter::OfferReceived {
                first_name: first_name(),
                contact: contact(),
                from: riverside(),
                to: hillside(),
                by: ben(),
                lapses_on: THEN,
                link: link("/offers"),
            },
        ),
        (
            "Global recovery",
            Letter::GlobalRecovery {
                first_name: first_name(),
                name: "Grace Lindholm".to_owned(),
                address: "grace.lindholm@health.example".to_owned(),
                until: THEN,
            },
        ),
        ("Upload finished", finished(0, 0)),
        ("Upload finished in part", finished(5, 2)),
    ];
    letters.extend(of_machines(first_name()));
    letters.extend(of_connectors(&first_name()));
    letters.extend(crate::email_letters::letters(&first_name()));
    let factors = [
        FactorNews::Added {
            name: "My phone".to_owned(),
        },
        FactorNews::Removed {
            name: "My phone".to_owned(),
        },
        FactorNews::CodeUsed { left: 9 },
        FactorNews::Reset { by: ben() },
    ];
    letters.extend(factors.map(|news| {
        let first_name = first_name();
        ("Second factor", Letter::SecondFactor { first_name, news })
    }));
    letters.extend(about_moves_and_roles(&first_name()));
    letters.extend(about_absences(&first_name()));
    letters.extend(OfferEnd::ALL.map(|how| {
        let by = (how != OfferEnd::Lapsed).then_some("Gwen Ashcombe");
        ("Offer ended", offer_ended(how, by))
    }));
    letters
}

fn role(role: Role, turn: RoleTurn) -> RoleNews {
    RoleNews {
        holder: "Hamid Noorzai".to_owned(),
        role,
        place: "Riverside Hospitals Trust".to_owned(),
        turn,
    }
}

fn ended(which: Role, why: RoleEnd) -> RoleNews {
    role(which, RoleTurn::Ended(why))
}

/// The letters about absences.
fn about_absences(first_name: &str) -> Vec<(&'static str, Letter)> {
    let first_name = || first_name.to_owned();
    let gwen = || "Gwen Ashcombe".to_owned();
    vec![
        (
            "Absence planned",
            Letter::OwnAbsence {
                first_name: first_name(),
                by: Some(gwen()),
                news: AbsenceNews::Entered {
                    from: Some(THEN),
                    until: None,
                },
            },
        ),
        (
            "Back from an absence",
            Letter::OwnAbsence {
                first_name: first_name(),
                by: None,
                news: AbsenceNews::Back,
            },
        ),
        (
            "People away",
            Letter::Absences {
                first_name: first_name(),
                organisation: "Riverside Hospitals Trust".to_owned(),
                by: Some(gwen()),
                people: vec![
                    PersonNews {
                        name: "Jane Example".to_owned(),
                        news: AbsenceNews::Entered {
                            from: None,
                            until: Some(THEN),
                        },
                    },
                    PersonNews {
                        name: "Zoë O’Neill".to_owned(),
                        news: AbsenceNews::TakenBack,
                    },
                ],
                others: 3,
            },
        ),
    ]
}

/// The letters about moves to another organisation, and about roles.
fn about_moves_and_roles(first_name: &str) -> Vec<(&'static str, Letter)> {
    let first_name = || first_name.to_owned();
    let (riverside, hillside) = (
        || "Riverside Hospitals Trust".to_owned(),
        || "Hillside Surgery".to_owned(),
    );
    let gwen = || "Gwen Ashcombe".to_owned();
    let moved = |how, roles| Letter::AccountMoved {
        first_name: first_name(),
        how,
        from: riverside(),
        to: hillside(),
        by: gwen(),
        roles,
    };
    let left = |how, people: &[&str], others| Letter::PeopleMoved {
        first_name: first_name(),
        how,
        from: riverside(),
        to: hillside(),
        by: gwen(),
        people: people.iter().map(ToString::to_string).collect(),
        others,
    };
    let own = |by: Option<String>, roles| Letter::OwnRoles {
        first_name: first_name(),
        by,
        roles,
        by_email: None,
    };
    let connector = Letter::OwnRoles {
        first_name: first_name(),
        by: Some(gwen()),
        roles: vec![role(
            Role::Connector,
            RoleTurn::Given {
                from: None,
                until: None,
                leaving: None,
            },
        )],
        by_email: Some(SendsByEmail {
            address: "connector.data@health.example".to_owned(),
            help: "https://staffbook.example/help/email".to_owned(),
        }),
    };
    let colleagues = |by: Option<String>, roles, others| Letter::RolesChanged {
        first_name: first_name(),
        by,
        roles,
        others,
    };
    let given = |from, until| {
        role(
            Role::LocalAdministrator,
            RoleTurn::Given {
                from,
                until,
                leaving: None,
            },
        )
    };
    let audit = |why| ended(Role::Audit, why);
    vec![
        ("Taken in", moved(MoveNews::TakenIn, vec![])),
        ("Transferred", moved(MoveNews::Transferred, vec![audit(RoleEnd::Moved)])),
        (
            "Leaver taken in elsewhere",
            left(MoveNews::TakenIn, &["Jane Example"], 0),
        ),
        (
            "People transferred",
            left(MoveNews::Transferred, &["Jane Example", "Zoë O’Neill"], 1_198),
        ),
        ("Role given", own(Some(gwen()), vec![given(None, Some(THEN))])),
        ("Connector by email", connector),
        ("Role ended", own(None, vec![audit(RoleEnd::Expired)])),
        (
            "Roles ended",
            own(
                Some(gwen()),
                vec![audit(RoleEnd::Disabled), ended(Role::LocalHelpdesk, RoleEnd::Disabled)],
            ),
        ),
        (
            "Colleague given a role",
            colleagues(Some(gwen()), vec![given(Some(THEN), None)], 0),
        ),
        (
            "Colleague’s role ended",
            colleagues(None, vec![audit(RoleEnd::Expired)], 0),
        ),
        (
            "Roles changed",
            colleagues(
                Some(gwen()),
                vec![
                    given(None, None),
                    audit(RoleEnd::Revoked),
                    audit(RoleEnd::Leaver),
                    audit(RoleEnd::Deleted),
                ],
                30,
            ),
        ),
    ]
}

/// The letters about what machines send.
fn of_machines(first_name: String) -> Vec<(&'static str, Letter)> {
    let link = "https://staffbook.example/submissions/7Q4K9TZM2X".to_owned();
    let held = |discarded_on| Letter::MachineHeld {
        first_name: first_name.clone(),
        sender: "Jem Larkspur".to_owned(),
        channel: Channel::Api,
        changes: vec!["Riverside Hospitals Trust: 60 of 120 accounts".to_owned()],
        discarded_on,
        link: link.clone(),
    };
    let discarded = |by: Option<&str>, applied| Letter::MachineDiscarded {
        first_name: first_name.clone(),
        channel: Channel::Api,
        sent_at: THEN,
        by: by.map(ToOwned::to_owned),
        applied,
        link: link.clone(),
    };
    let connector = |name: &str, rejected| ConnectorDigest {
        name: name.to_owned(),
        organisations: "Riverside Hospitals Trust and 2 more".to_owned(),
        created: 1,
        changed: 1_240,
        rejected,
    };
    let digest = Letter::MachineDigest {
        first_name: first_name.clone(),
        connectors: vec![connector("Jem Larkspur", 3), connector("Zoë O’Neill", 0)],
        more: 2,
        link: "https://staffbook.example/uploads?by=machines".to_owned(),
    };
    vec![
        ("Machine held", held(Some(THEN))),
        ("Machine held for good", held(None)),
        ("Machine discarded", discarded(Some("Ben Cartwright"), 0)),
        ("Machine’s rest discarded", discarded(Some("Ben Cartwright"), 99)),
        ("Machine discarded too late", discarded(None, 0)),
        ("Machine digest", digest),
    ]
}

/// The letters about connectors whose programs need a look: to the connector, and to those who manage it.
fn of_connectors(first_name: &str) -> Vec<(&'static str, Letter)> {
    let named = |is_other: bool| is_other.then(|| "Jem Larkspur".to_owned());
    let link = |is_other: bool| is_other.then(|| "https://staffbook.example/connectors/7".to_owned());
    let silent = |is_other, usual_days| Letter::ConnectorSilent {
        first_name: first_name.to_owned(),
        connector: named(is_other),
        since: THEN,
        usual_days,
        link: link(is_other),
    };
    let failing = |is_other, reason: Option<&str>| Letter::ConnectorFailing {
        first_name: first_name.to_owned(),
        connector: named(is_other),
        day: THEN,
        requests: 2_400,
        refused: 1_300,
        throttled: 12,
        reason: reason.map(ToOwned::to_owned),
        link: link(is_other),
    };
    let braked = |is_other: bool, people| Letter::ConnectorBraked {
        first_name: first_name.to_owned(),
        connector: named(is_other),
        people,
        link: is_other.then(|| "https://staffbook.example/proposals?connector=7".to_owned()),
    };
    let reason = "This user name or address is not available.";
    vec![
        ("Connector silent", silent(true, 7)),
        ("Own connector silent", silent(false, 1)),
        ("Connector failing", failing(true, Some(reason))),
        ("Own connector failing", failing(false, None)),
        ("Connector braked", braked(true, 1_200)),
        ("Own connector braked", braked(false, 1)),
    ]
}

#[test]
fn every_letter_says_who_did_what_and_what_to_do_about_it() {
    let mut told = String::new();
    for (name, letter) in letters("Jane") {
        let composed = letter.compose(URL);
        let line = "=".repeat(name.len());
        writeln!(
            told,
            "{name}\n{line}\n\nSubject: {}\n\n{}\n",
            composed.subject, composed.text
        )
        .unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn every_letter_says_the_same_as_html() {
    let mut told = String::new();
    for (name, letter) in letters("Jane") {
        let html = letter.compose(URL).html;
        // The styles are looked at in a mail program, not here.
        let mut pieces = html.split(" style=\"");
        let mut plain = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            plain += piece.split_once('"').map_or("", |(_, rest)| rest);
        }
        writeln!(told, "<!-- {name} -->\n{plain}").unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn markup_in_a_name_is_text() {
    for (name, letter) in letters("<img src=x onerror=\"alert(1)\">") {
        let composed = letter.compose(URL);
        assert!(!composed.html.contains("<img"), "{name}: {}", composed.html);
        if composed.text.contains("<img") {
            assert!(
                composed.html.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"),
                "{name}"
            );
        }
    }
}

#[test]
fn a_line_break_in_a_name_begins_no_header_and_no_line() {
    let letter = Letter::LeaverMarked {
        first_name: "Jane\r\n\r\nYour account is safe.".to_owned(),
        organisation: "Riverside\r\nBcc: everybody@health.example\u{202E}\u{0}".to_owned(),
        by: "Ben\u{2028}Cartwright".to_owned(),
        deleted_on: Some(THEN),
        roles: vec![],
    };
    let composed = letter.compose(URL);
    assert_eq!(
        composed.subject,
        "You are marked as leaving Riverside Bcc: everybody@health.example"
    );
    assert!(
        composed
            .text
            .starts_with("Hello Jane Your account is safe.,\n\nBen Cartwright has marked you")
    );
    assert!(!composed.html.contains('\r') && !composed.html.contains('\u{202E}') && !composed.html.contains('\u{0}'));
}

#[test]
fn a_waiting_letter_is_read_back_as_it_was() {
    for (name, letter) in letters("Zoë \"Jane\"") {
        let kept = serde_json::to_string(&letter).unwrap();
        assert!(!kept.contains("/start/"), "{name}: {kept}");
        assert_eq!(serde_json::from_str::<Letter>(&kept).unwrap(), letter, "{name}");
    }
}

#[test]
fn a_letter_of_another_version_is_read_as_far_as_it_is_known() {
    let kept = r#"{"letter":"password-changed","first_name":"Jane","something":"new"}"#;
    let first_name = "Jane".to_owned();
    assert_eq!(
        serde_json::from_str::<Letter>(kept).unwrap(),
        Letter::PasswordChanged { first_name }
    );
    assert!(serde_json::from_str::<Letter>(r#"{"letter":"something-new"}"#).is_err());
}
