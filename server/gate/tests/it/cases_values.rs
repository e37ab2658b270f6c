//! Values as people really have them, after public bug reports of comparable software (`server/testkit/cases`): each file is
//! uploaded as it was sent, and each row must come to what its sender means.

use domain::{
    channel::Channel,
    dictionary::Attribute,
    plan::{AccountStep, Step},
    policy::Actor,
    problem::Kind,
    request::{Cells, Wish},
    submission::LookAlikes,
    values::ids::{AccountId, SubmissionId},
};
use gate::{Arriving, Asked, Confirmation, Query, Review, Row, SignIn, seen};
use testkit::{PASSWORD, Portal, on_both};

use crate::{file, review, told};

macro_rules! case {
    ($name:literal) => {
        include_bytes!(concat!("../../../testkit/cases/", $name))
    };
}

/// Uploads a file and looks at what its rows come to.
async fn checked(portal: &Portal, ben: &Actor, name: &str, bytes: &[u8]) -> (SubmissionId, Review) {
    let arriving = Arriving {
        channel: Channel::PortalCsv,
        file_name: name.to_owned(),
        bytes: bytes.to_vec(),
    };
    let id = portal.gate.on_behalf_of(ben).submit(arriving).await.unwrap();
    portal.work().await;
    let shown = review(portal, ben, &id).await;
    (id, shown)
}

fn numbers(shown: &Review) -> Vec<u32> {
    shown.rows.iter().map(|row| row.planned.row.0).collect()
}

fn row(shown: &Review, number: u32) -> &Row {
    let found = shown.rows.iter().find(|row| row.planned.row.0 == number);
    found.unwrap_or_else(|| panic!("no row {number}: {}", told(shown)))
}

/// What a row gives somebody new.
fn created(shown: &Review, number: u32, attribute: Attribute) -> String {
    match &row(shown, number).planned.step {
        Step::CreateAccount { attributes, .. } => attributes.text(attribute).to_owned(),
        _ => panic!("row {number} creates nobody: {}", told(shown)),
    }
}

/// Whom a row changes, and what an attribute becomes; empty where the row changes nothing.
fn changed(shown: &Review, number: u32, attribute: Attribute) -> (AccountId, String) {
    match &row(shown, number).planned.step {
        Step::Account(of, AccountStep::Update { changes, .. }) => {
            let change = changes.iter().find(|change| change.attribute == attribute);
            let after = change.and_then(|change| change.after.as_ref());
            (of.account, after.map(ToString::to_string).unwrap_or_default())
        }
        Step::Nothing { account: Some(id) } => (*id, String::new()),
        _ => panic!("row {number} is about nobody here: {}", told(shown)),
    }
}

/// The problems of a row: each with its cell, and as it is said.
fn problems(shown: &Review, number: u32) -> Vec<(String, String)> {
    let all = row(shown, number).planned.step.problems().iter();
    let layout = &shown.submission.layout;
    all.map(|problem| (problem.place.name(layout), problem.to_string()))
        .collect()
}

fn warnings(shown: &Review, number: u32) -> Vec<String> {
    let all = row(shown, number).planned.warnings.iter();
    all.map(ToString::to_string).collect()
}

on_both! {
    async fn case_09_rows_of_blanks_that_cannot_be_seen_are_no_rows(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "09.csv", case!("09-rows-of-invisible-blanks/input.csv")).await;
        assert_eq!(numbers(&shown), [2, 7]);
        assert_eq!(created(&shown, 2, Attribute::LastName), "Sandiford");
        assert_eq!(created(&shown, 7, Attribute::LastName), "Woodforde");
    }

    async fn case_15_what_cannot_be_seen_around_and_in_an_address_does_not_matter(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "15.csv", case!("15-zero-width-space-in-address/input.csv")).await;
        for (number, address, job) in [
            (2, "daphne.venning@health.example", "Matron"),
            (3, "kadir.fairweather@health.example", "Chief pharmacist"),
            (4, "niamh.lockwood@health.example", "Clerk"),
        ] {
            let whom = portal.account(address).await;
            assert_eq!(changed(&shown, number, Attribute::JobTitle), (whom, job.to_owned()), "{}", told(&shown));
        }
        let cells = Cells::of([
            (Attribute::FirstName, "Wanda"),
            (Attribute::LastName, "Outside"),
            (Attribute::EmailAddress, "\u{200B}wanda@coun\u{AD}cil.example\u{A0}"),
            (Attribute::Organisation, "RIV"),
        ]);
        let asked = portal.gate.on_behalf_of(&ben).ask("Test", Wish::NewContact(cells)).await.unwrap();
        let Asked::Planned(id) = asked else { panic!("{asked:?}") };
        let shown = review(&portal, &ben, &id).await;
        let Step::CreateContact { attributes, .. } = &shown.rows[0].planned.step else { panic!("{}", told(&shown)) };
        assert_eq!(attributes.text(Attribute::EmailAddress), "wanda@council.example");
    }

    async fn case_16_numbers_with_direction_marks_and_stiff_hyphens_are_numbers(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "16.csv", case!("16-direction-marks-around-telephone/input.csv")).await;
        assert_eq!(created(&shown, 2, Attribute::Mobile), "+447700900801");
        assert_eq!(created(&shown, 3, Attribute::Mobile), "+447700900802");
        assert_eq!(created(&shown, 4, Attribute::Telephone), "+441632960803");
        assert_eq!(created(&shown, 5, Attribute::Telephone), "+441632960804");
        let said = "“O1632 960805” is not a telephone number: it has the letter “O” in it. Did you mean 01632 960805?";
        assert_eq!(problems(&shown, 6), [("E6".to_owned(), said.to_owned())]);
    }

    async fn case_18_a_curly_apostrophe_in_an_address_is_the_straight_one(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "18.csv", case!("18-curly-apostrophe-in-address/input.csv")).await;
        for (number, address) in [
            (2, "maeve.o'connachtain@health.example"),
            (3, "ronan.o'mahonaigh@health.example"),
            (4, "padraig.odubhthaigh@health.example"),
        ] {
            assert_eq!(created(&shown, number, Attribute::EmailAddress), address, "{}", told(&shown));
        }
        assert_eq!(created(&shown, 3, Attribute::LastName), "O’Mahonaigh");
    }

    async fn case_20_local_ids_with_a_fraction_are_read_without_it_and_asked_about(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "20.csv", case!("20-local-ids-ending-in-dot-zero/input.csv")).await;
        let daphne = portal.account("daphne.venning@health.example").await;
        assert_eq!(changed(&shown, 2, Attribute::Quota), (daphne, String::new()));
        assert!(warnings(&shown, 2)[0].starts_with("“1012.0” looks like local unique ID 1012 and is read as that."));
        assert_eq!(created(&shown, 3, Attribute::LocalId), "9150");
        assert_eq!(created(&shown, 3, Attribute::Quota), "4");
        assert_eq!(warnings(&shown, 3).len(), 1);
        assert!(warnings(&shown, 4).is_empty() && created(&shown, 4, Attribute::LocalId).is_empty());
        // Both must be answered, and are told once.
        assert_eq!(shown.submission.totals.warned(), 2);
        let shared: Vec<_> = shown.shared.iter().map(|shared| shared.rows).collect();
        assert_eq!(shared, [2]);
    }

    async fn case_22_an_apostrophe_in_front_of_a_code_is_taken_off_and_one_of_a_name_is_not(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "22.csv", case!("22-apostrophe-in-front-of-codes/input.csv")).await;
        let daphne = portal.account("daphne.venning@health.example").await;
        assert_eq!(changed(&shown, 2, Attribute::LocalId).0, daphne);
        assert_eq!(created(&shown, 3, Attribute::LocalId), "00461");
        assert_eq!(created(&shown, 3, Attribute::Mobile), "+447700900461");
        assert_eq!(created(&shown, 4, Attribute::LastName), "'t Hooftman");
        assert_eq!(created(&shown, 5, Attribute::Notes), "=1+1");
    }

    async fn case_23_numbers_that_a_spreadsheet_has_shortened_are_problems(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "23.csv", case!("23-scientific-notation-ids/input.csv")).await;
        let said = |text: &str| {
            format!(
                "“{text}” is a number that a spreadsheet has shortened: its last digits are lost. Set the column to text in \
                 your spreadsheet, enter the whole number again, and save."
            )
        };
        assert_eq!(problems(&shown, 2), [("A2".to_owned(), said("1.23457E+11"))]);
        assert_eq!(problems(&shown, 3), [("A3".to_owned(), said("1.23457E+11"))]);
        assert_eq!(problems(&shown, 4), [("E4".to_owned(), said("7.7009E+09"))]);
        assert_eq!(created(&shown, 5, Attribute::Mobile), "+447700900154");
    }

    async fn case_26_people_may_be_called_null_and_cells_may_not(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "26.xlsx", case!("26-people-called-null-and-true/input.xlsx")).await;
        assert_eq!(created(&shown, 2, Attribute::LastName), "Null");
        assert_eq!(created(&shown, 2, Attribute::EmailAddress), "jennifer.null@health.example");
        assert!(created(&shown, 3, Attribute::FirstName).eq_ignore_ascii_case("true"));
        assert_eq!(created(&shown, 4, Attribute::Mobile), "");
        assert_eq!(created(&shown, 4, Attribute::JobTitle), "");
        let told = warnings(&shown, 4);
        assert!(told[0].starts_with("“NULL” in job title is read as an empty cell."), "{told:?}");
        assert!(told[1].starts_with("“NULL” in mobile is read as an empty cell."), "{told:?}");
        assert_eq!(created(&shown, 5, Attribute::LastName), "None");
        // Such a name may as well stand for none, so each row is asked about.
        let hint = "If it is the person’s name, include the row. If not, enter the last name.";
        for (number, name) in [(2, "Null"), (5, "None")] {
            assert_eq!(warnings(&shown, number), [format!("“{name}” may stand for a missing last name. {hint}")]);
        }
        assert_eq!(shown.submission.totals.warned(), 2);
    }

    async fn case_27_what_to_enter_for_people_with_one_name_is_said(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "27.csv", case!("27-people-with-one-name/input.csv")).await;
        let hint = "For somebody with only one name, enter that name as both first and last name.";
        for (number, cell, said) in [
            (2, "D2", "Last name is missing. Enter the last name."),
            (3, "C3", "First name is missing. Enter the first name."),
            (4, "D4", "“-” is not a last name. Enter the last name."),
            (6, "D6", "“.” is not a last name. Enter the last name."),
        ] {
            assert_eq!(problems(&shown, number), [(cell.to_owned(), format!("{said} {hint}"))]);
        }
        assert_eq!(created(&shown, 5, Attribute::EmailAddress), "suharti.suharti@health.example");
    }

    async fn case_28_names_of_the_world_are_the_same_people_the_second_time(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let bytes = case!("28-names-of-the-world-twice/input.csv");
        let (id, shown) = checked(&portal, &ben, "28.csv", bytes).await;
        let addresses = ["niamh.obrienne", "lukasz.nunez", "ibrahim.isik", "anh.nguyen-thi", "soren.aero-odegaard"];
        for (number, address) in (2..).zip(addresses) {
            assert_eq!(created(&shown, number, Attribute::EmailAddress), format!("{address}@health.example"));
        }
        assert!(matches!(row(&shown, 7).planned.warnings[0].kind, Kind::LooksLikeRow { .. }));
        let said = Confirmation {
            seen: seen(&shown.submission),
            look_alikes: Some(LookAlikes::LeaveOut),
            typed: None,
        };
        portal.gate.on_behalf_of(&ben).confirm(&id, said).await.unwrap();
        portal.work().await;
        let (_, again) = checked(&portal, &ben, "28.csv", bytes).await;
        for number in 2..=6 {
            assert!(matches!(row(&again, number).planned.step, Step::Nothing { .. }), "{}", told(&again));
        }
        assert!(matches!(row(&again, 7).planned.warnings[0].kind, Kind::LooksLike { .. }), "{}", told(&again));
    }

    async fn case_29_bleeps_are_kept_with_their_zeros(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "29.csv", case!("29-bleep-numbers/input.csv")).await;
        for (number, pager) in [(2, "1113"), (3, "0028"), (4, "1480"), (5, "+447623960123")] {
            assert_eq!(created(&shown, number, Attribute::Pager), pager);
        }
        let said = "“ask switchboard” is not a pager number: it has no digits. Enter the 3 to 6 digits of a bleep, like 1480, or \
                    a number like 01632 960123.";
        assert_eq!(problems(&shown, 6), [("E6".to_owned(), said.to_owned())]);
    }

    async fn case_30_one_address_in_two_cases_stands_twice_in_the_file(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, shown) = checked(&portal, &ben, "30.csv", case!("30-address-twice-but-for-case/input.csv")).await;
        for number in [2, 3, 4] {
            let problems = problems(&shown, number);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert_eq!(problems[0].0, format!("E{number}"));
            assert!(problems[0].1.contains(" is also in row "), "{problems:?}");
        }
    }

    async fn case_52_an_address_is_signed_in_with_as_phones_type_it(portal: Portal) {
        let ben = portal.account("ben.cartwright@health.example").await;
        let lines = String::from_utf8(case!("52-sign-in-address-as-typed/input.txt").to_vec()).unwrap();
        let more = [
            "mailto:ben.cartwright@health.example",
            "Ben Cartwright <ben.cartwright@health.example>",
            "ben.cartwright@health.example.",
            "ｂｅｎ．ｃａｒｔｗｒｉｇｈｔ＠ｈｅａｌｔｈ．ｅｘａｍｐｌｅ",
            "ben.cart\u{AD}wright@health.example",
        ];
        for typed in lines.lines().filter(|line| !line.is_empty()).chain(more) {
            assert_eq!(portal.sign_in(typed, PASSWORD).await, SignIn::Welcome(ben), "{typed:?}");
        }
    }

    async fn names_are_kept_as_typed_and_what_is_noticed_is_told_once_a_column(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = file(&[
            "n1,RIV,Dr Xanthe,Thornbury,", "n2,RIV,NERYS,OKONKWOSON,", "n3,RIV,OSIAN,Treharne,", "n4,RIV,Xenia (Xen),Maplethorpe,",
            "n5,RIV,,\"Quillfeather, Nerys\",", "n6,RIV,Bryn Quillfeather,,",
        ]);
        let (_, shown) = checked(&portal, &ben, "names.csv", text.as_bytes()).await;
        assert_eq!(created(&shown, 2, Attribute::FirstName), "Dr Xanthe");
        assert_eq!(created(&shown, 2, Attribute::EmailAddress), "xanthe.thornbury@health.example");
        assert!(warnings(&shown, 2)[0].starts_with("First name “Dr Xanthe” starts with a title."));
        assert_eq!(created(&shown, 3, Attribute::LastName), "OKONKWOSON");
        assert!(warnings(&shown, 3)[1].contains("Enter Okonkwoson if that is how the name is written."));
        assert_eq!(created(&shown, 5, Attribute::EmailAddress), "xenia.maplethorpe@health.example");
        let said = "First name is missing. Last name may hold both names. Enter Nerys as the first name and Quillfeather as the \
                    last name.";
        assert_eq!(problems(&shown, 6), [("C6".to_owned(), said.to_owned())]);
        assert_eq!(problems(&shown, 7)[0].0, "D7");
        // Nothing has to be answered, and each is told once for its column.
        assert_eq!(shown.submission.totals.warned(), 0);
        let capitals = shown.shared.iter().find(|shared| shared.said == "First name “…” is in capital letters.");
        assert_eq!(capitals.map(|shared| shared.rows), Some(2), "{:?}", shown.shared);
    }

    async fn extensions_and_bleeps_are_taken_by_forms_and_shown_as_people_write_them(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let cells = Cells::of([
            (Attribute::FirstName, "Philippa"),
            (Attribute::LastName, "Extonbury"),
            (Attribute::Telephone, "01632 960123 x4512"),
            (Attribute::Pager, "0814"),
            (Attribute::Organisation, "RIV"),
        ]);
        let asked = portal.gate.on_behalf_of(&ben).ask("Test", Wish::NewAccount(cells)).await.unwrap();
        let Asked::Planned(id) = asked else { panic!("{asked:?}") };
        let shown = review(&portal, &ben, &id).await;
        let Step::CreateAccount { attributes, .. } = &shown.rows[0].planned.step else { panic!("{}", told(&shown)) };
        let telephone = attributes.shown(Attribute::Telephone);
        assert_eq!(telephone.as_deref(), Some("01632 960123 ext 4512"));
        assert_eq!(attributes.text(Attribute::Pager), "0814");
    }

    async fn what_cannot_be_seen_in_a_search_hides_nobody(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let daphne = portal.account("daphne.venning@health.example").await;
        for words in ["\u{200B}daphne ven\u{AD}ning\u{200E}", "\u{202A}daphne.venning@health.example\u{202C}"] {
            let query = Query { words: words.to_owned(), ..Query::default() };
            let found = visit.accounts(&query).await.unwrap().people;
            assert!(found.iter().any(|found| found.person.id == daphne), "{words:?}");
            let listed = visit.look_up(words).await.unwrap();
            assert!(listed.iter().any(|entry| entry.id == daphne.0), "{words:?}");
        }
    }

    async fn what_scripts_write_into_a_file_is_read_or_refused_in_its_cell(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = file(&[
            "=\"00451\",RIV,Ottilie,Marchmont,", "\"=\"\"00452\"\"\",RIV,Ottoline,Marchbanks,7700900123.0",
            "12-Mar,RIV,Septimus,Bellweather,", "NULL,RIV,Aurelia,Finchcombe,", "#N/A,RIV,Rosamund,Tattersby,",
        ]);
        let (_, shown) = checked(&portal, &ben, "scripts.csv", text.as_bytes()).await;
        assert_eq!(created(&shown, 2, Attribute::LocalId), "00451");
        assert_eq!(created(&shown, 3, Attribute::LocalId), "00452");
        assert_eq!(created(&shown, 3, Attribute::Mobile), "+447700900123");
        assert!(warnings(&shown, 4)[0].starts_with("Local unique ID “12-Mar” looks like a date."));
        assert_eq!(problems(&shown, 5)[0].0, "A5");
        assert!(problems(&shown, 5)[0].1.starts_with("“NULL” is not a value for local unique ID."));
        assert!(problems(&shown, 6)[0].1.starts_with("Your spreadsheet shows the error #N/A in this cell."));
    }
}
