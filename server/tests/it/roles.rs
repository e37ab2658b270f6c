//! The forms about roles and tokens say all that is wrong, each at its field.

use axum::http::StatusCode;
use domain::policy::Role;
use testkit::on_both;

use crate::{api::connector, browser::Site};

on_both! {
    async fn a_role_s_form_says_all_that_is_wrong_at_once(portal: Portal) {
        let site = Site::over(portal);
        let priya = site.sign_in("Priya").await;
        let form = "address=&role=&organisation=RIV&unit=Nowhere&until-day=1&until-month=1&until-year=2020&reason=";
        let answer = priya.post("/administrators/new", form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["address", "role", "unit", "until-day", "reason"] {
            assert!(answer.body.contains(&format!("<a href=\"#{field}\">")), "{field}: {}", answer.body);
        }
        let unseen = priya.post("/administrators/new", &form.replace("reason=", "reason=a%E2%80%8Bb")).await;
        assert!(unseen.body.contains("<a href=\"#reason\">The reason contains characters"), "{}", unseen.body);
    }

    async fn nonsense_makes_no_token_and_is_told_at_its_field(portal: Portal) {
        let site = Site::over(portal);
        connector(&site, "ben.cartwright@health.example", "RIV").await;
        let ben = site.sign_in("Ben").await;
        for (days, says) in [
            ("abc", "at least 1 day"),
            ("-1", "at least 1 day"),
            ("", "at least 1 day"),
            ("0", "at least 1 day"),
            ("99999999999999999999", "365 days at most"),
        ] {
            let answer = ben.post("/me/tokens", &format!("name=Payroll&days={days}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
            assert!(answer.body.contains(says) && answer.body.contains("<a href=\"#days\">"), "{days}: {}", answer.body);
        }
        let long = ben.post("/me/tokens", &format!("name={}&days=30", "x".repeat(101))).await;
        assert!(long.body.contains("The name has 101 characters; the most is 100."), "{}", long.body);
        let unseen = ben.post("/me/tokens", "name=Pay%E2%80%8Broll&days=30").await;
        assert!(unseen.body.contains("The name contains characters that cannot be seen."), "{}", unseen.body);
        assert_eq!(ben.post("/me/tokens", "name=Rota&days=30").await.status, StatusCode::OK);
        let again = ben.post("/me/tokens", "name=Rota&days=30").await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("You already have a token with this name."), "{}", again.body);
        assert!(again.body.contains("<a href=\"#name\">"), "{}", again.body);
    }

    async fn who_resets_a_role_holder_is_told_that_the_link_goes_by_e_mail_alone(portal: Portal) {
        let site = Site::over(portal);
        let priya = site.sign_in("Priya").await;
        for (address, says) in [
            ("ben.cartwright@health.example", "You do not see it, because they hold a role or joined you in the last 7 days."),
            ("jem.larkspur@health.example", "You see a second link once, to pass on."),
        ] {
            let account = site.portal.account(address).await;
            let asked = priya.post(&format!("/accounts/{account}/password-reset"), "").await;
            let page = priya.get(asked.location()).await;
            assert!(page.body.contains(says) && !page.body.contains("unless they hold"), "{}", page.body);
        }
    }

    async fn who_may_not_revoke_a_role_is_told_whose_that_is(portal: Portal) {
        let site = Site::over(portal);
        let priya = site.actor("Priya").await;
        let found = site.portal.gate.on_behalf_of(&priya).administrators(Some(Role::LocalAdministrator)).await.unwrap();
        let grant = found.grants[0].granted.held.grant;
        let aled = site.sign_in("Aled").await;
        let page = aled.get(&format!("/administrators/{grant}")).await;
        let says = "Ask a Primary Local Administrator or a Global Administrator.";
        assert!(page.body.contains(says), "{}", page.body);
    }
}
