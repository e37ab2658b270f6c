//! What every row of a file has, as its sender says of the whole file.

use domain::{dictionary::Attribute, plan::Step};
use gate::{LookingAt, WrongColumns};
use testkit::on_both;

use crate::review;

on_both! {
    async fn a_site_or_unit_of_another_organisation_for_all_rows_is_refused(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, "First Name,Surname,Job\nAda,Bright,Nurse\n").await;
        let mut said = visit.columns(&id, &LookingAt::Likely).await.unwrap().layout;
        said.for_all = [
            (Attribute::Organisation, "RIV01".to_owned()),
            (Attribute::Site, "RIVG".to_owned()),
            (Attribute::Unit, "Medicine / Ward 7".to_owned()),
        ]
        .into();
        let wrong = visit.choose_columns(&id, &said).await.unwrap().unwrap_err();
        let not_of = |attribute| WrongColumns::NotOf { attribute, organisation: "RIV01".to_owned() };
        assert_eq!(wrong, [Attribute::Site, Attribute::Unit].map(not_of));
        said.for_all.insert(Attribute::Organisation, "RIV".to_owned());
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        let Step::CreateAccount { attributes, .. } = &shown.rows[0].planned.step else { panic!("{:?}", shown.rows) };
        assert_eq!((attributes.text(Attribute::Site), attributes.text(Attribute::Unit)), ("RIVG", "Medicine / Ward 7"));
    }
}
