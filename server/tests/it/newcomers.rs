//! Activation links of a file's new people, from outside: the sheet, the file, the code, and who is asked to prove themselves.

use axum::http::{StatusCode, header};
use domain::values::ids::SubmissionId;
use testkit::{PASSWORD, on_both};

use crate::browser::{Answer, Site, Visitor};

const ADA: &str = "ada.bright@health.example";

/// Somebody new by an upload that Ben has applied.
async fn one_new(site: &Site, ben: &Visitor<'_>) -> SubmissionId {
    one_new_from(site, ben, "").await
}

/// The same, who starts on a day.
async fn one_new_from(site: &Site, ben: &Visitor<'_>, day: &str) -> SubmissionId {
    let actor = site.actor("Ben").await;
    let text = format!("LocalID,ODSCode,FirstName,LastName,StartDate\n9001,RIV,Ada,Bright,{day}\n");
    let id = site.portal.upload(&actor, &text).await;
    let applied = ben.post(&format!("/submissions/{id}/confirmation"), "seen=0").await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
    site.portal.work().await;
    id
}

/// What stands between two marks of a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0
}

fn code(page: &Answer) -> String {
    between(&page.body, "app-slip__code\">", "<").replace(' ', "")
}

on_both! {
    async fn slips_are_shown_once_to_whoever_proves_who_they_are(portal: Portal) {
        let site = Site::over(portal);
        let mut ben = site.sign_in("Ben").await;
        let id = one_new(&site, &ben).await;
        let page = format!("/submissions/{id}/activation");
        assert!(ben.get(&format!("/submissions/{id}")).await.body.contains(&format!("href=\"{page}\"")));
        let offered = ben.get(&page).await;
        assert!(offered.body.contains("Show 1 link to print") && !offered.body.contains("given out before"), "{}", offered.body);

        site.portal.pass_seconds(3_600);
        ben = site.sign_in("Ben").await;
        site.portal.pass_seconds(601);
        let asked = ben.post(&page, "how=printed&after=").await;
        assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, format!("/sign-in/again?next={page}").as_str()));
        ben.enter("/sign-in/again", &format!("password={PASSWORD}&next={page}")).await;
        let shown = ben.post(&page, "how=printed&after=").await;
        assert_eq!((shown.status, &shown.headers[header::CACHE_CONTROL]), (StatusCode::OK, &"no-store".parse().unwrap()));
        assert!(shown.body.contains("Ada Bright") && shown.body.contains(ADA) && shown.body.contains("/start/"), "{}", shown.body);

        let again = ben.get(&page).await;
        assert!(again.body.contains("Links were given out before") && again.body.contains("Ben Cartwright showed 1 link to print"), "{}", again.body);
        assert!(!again.body.contains("/start/"), "no later page shows a link");
    }

    async fn links_are_taken_away_as_a_file_that_nothing_keeps(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let id = one_new(&site, &ben).await;
        let file = ben.post(&format!("/submissions/{id}/activation"), "how=downloaded").await;
        assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("activation-links.csv"));
        assert_eq!(file.headers[header::CACHE_CONTROL], "no-store");
        let mut lines = file.body.trim_start_matches('\u{FEFF}').lines();
        assert_eq!(lines.next(), Some("Name,EmailAddress,ActivationLink,LinkWorksUntil,ActivationPage,Code,CodeWorksUntil"));
        let ada = lines.next().unwrap();
        assert!(ada.starts_with("Ada Bright,ada.bright@health.example,") && ada.contains("/activate"), "{ada}");
        let entries = store::trail::after(site.portal.gate.store().reader(), 0, 100_000).await.unwrap();
        let last = entries.last().unwrap().sentence(gate::calendar::day);
        assert_eq!(last, format!("Downloaded 1 activation link, for people created by staff list.csv ({id})"));
    }

    async fn links_are_sent_again_and_an_empty_choice_gives_nothing_out(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let id = one_new(&site, &ben).await;
        let page = format!("/submissions/{id}/activation");
        let nothing = ben.post(&page, "how=").await;
        assert_eq!((nothing.status, nothing.location()), (StatusCode::SEE_OTHER, page.as_str()));
        let sent = ben.post(&page, "how=emailed").await;
        assert_eq!(sent.location(), format!("{page}?sent=1"));
        assert!(ben.get(sent.location()).await.body.contains("1 activation link was sent by email."));
        site.portal.link_sent_to(ADA).await;
    }

    async fn who_starts_later_is_given_a_link_only_where_the_box_is_ticked(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let id = one_new_from(&site, &ben, "07/12/2026").await;
        let page = format!("/submissions/{id}/activation");
        let offered = ben.get(&page).await.body;
        assert!(offered.contains("The first day of 1 of them is still to come: their link is sent on that day."), "{offered}");
        assert!(offered.contains("Include 1 person whose first day is still to come (their link works at once)"), "{offered}");
        let account = format!("/accounts/{}", site.portal.account(ADA).await);
        for how in ["printed", "downloaded", "emailed"] {
            let none = ben.post(&page, &format!("how={how}")).await;
            assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{how}");
            assert!(none.body.contains("Nobody else is waiting for a link."), "{}", none.body);
        }
        assert!(ben.get(&account).await.body.contains("Activation link will be sent on 7 December 2026"));
        let shown = ben.post(&page, "how=printed&starters=yes").await;
        assert!(shown.status == StatusCode::OK && shown.body.contains("/start/"), "{}", shown.body);
        assert!(ben.get(&account).await.body.contains("An activation link was given out."));
    }

    async fn a_code_leads_to_the_page_that_its_link_leads_to(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let id = one_new(&site, &ben).await;
        let code = code(&ben.post(&format!("/submissions/{id}/activation"), "how=printed").await);
        let nobody = site.nobody();
        assert!(nobody.get("/sign-in").await.body.contains("href=\"/activate\""));
        let empty = nobody.post("/activate", "address=&code=12").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.body.contains("Enter your email address.") && empty.body.contains("Enter the 9 digits of your code."), "{}", empty.body);
        let opened = nobody.post("/activate", &format!("address={ADA}&code={code}")).await;
        assert!(opened.location().starts_with("/start/"), "{}", opened.body);
        assert!(nobody.get(opened.location()).await.body.contains("Welcome, Ada"));
        let started = nobody.post(opened.location(), &format!("password={PASSWORD}&accept=yes")).await;
        assert_eq!(started.location(), "/", "{}", started.body);
    }

    async fn five_wrong_codes_kill_the_right_one_and_say_the_same(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let id = one_new(&site, &ben).await;
        let right = code(&ben.post(&format!("/submissions/{id}/activation"), "how=printed").await);
        let wrong = if right == "111111111" { "222222222" } else { "111111111" };
        for (address, code) in [(ADA, wrong); 5].into_iter().chain([(ADA, right.as_str()), ("nobody.here@health.example", wrong)]) {
            let tried = site.nobody().post("/activate", &format!("address={address}&code={code}")).await;
            assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(tried.body.contains("do not match, or the code no longer works."), "{}", tried.body);
        }
    }
}
