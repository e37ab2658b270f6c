//! The frame of every page: the document, the header with the ways through, the routes.

use std::{
    hash::{DefaultHasher, Hasher},
    sync::{Arc, LazyLock},
};

use domain::policy::Actor;
use leptos::{config::LeptosOptions, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    components::{footer::Footer, header::Header, late_form::LateForm, stay::Stay},
    forms::FormState,
    islands::escaped,
    pages::{
        accounts::{
            AccountPage,
            absence::AbsencePage,
            form::{EditAccountPage, NewAccountPage},
            hold::HoldPage,
            joiner::JoinerPage,
            leaver::LeaverPage,
            newcomers::NewcomersPage,
            seats::AccountSeatsPage,
            transfer::{AccountTransferPage, ContactTransferPage},
        },
        connectors::{
            change_files::ChangeFilesPage,
            connector::ConnectorPage,
            email::{EmailPage, set_aside::SetAsidePage},
            proposals::ProposalsPage,
            scope_tokens::{TokenPage, TokensPage},
            tokens::OwnTokensPage,
            trial::TrialPage,
        },
        contacts::{
            contact::ContactPage,
            form::{EditContactPage, NewContactPage},
            offers::{OfferPage, OffersPage},
        },
        customers::{
            CustomerPage, CustomersPage, EditCustomerPage, EditSubscriptionPage, NewCustomerPage, NewSubscriptionPage,
            SubscriptionPage,
        },
        failure::{FailurePage, NotFoundPage},
        home::HomePage,
        information::{
            accessibility::AccessibilityPage, change_files::ChangeFilesHelpPage, contact::SupportPage,
            email::EmailHelpPage, help::HelpPage, privacy::PrivacyPage, sync::SyncHelpPage,
        },
        organisations::{NewImportPage, OrganisationPage, OrganisationsPage, SeatsPage},
        people::{
            PeoplePage,
            bulk_actions::ActingPage,
            directory::{DirectoryPage, EntryPage},
            upcoming::UpcomingPage,
        },
        preview::PreviewPage,
        roles::administrators::{AdministratorsPage, GrantPage, NewGrantPage},
        self_service::{own_record::OwnPage, own_sessions::SessionsPage},
        sign_in::{
            AgainPage, SecondPage, SignInPage,
            activate::ActivatePage,
            password::{ChangePasswordPage, NewPasswordPage},
            password_reset::PasswordResetPage,
            rename::RenamePage,
            second_factor::{NewAppPage, SecondFactorPage},
            start::StartPage,
            stay::StayPage,
        },
        submissions::{
            columns::ColumnsPage,
            formats::FormatsPage,
            gone_on::GoneOn,
            held::HeldPage,
            mend_row::MendRowPage,
            submission::SubmissionPage,
            uploads::{NewUploadPage, UploadsPage},
        },
        trail::{audit::AuditPage, history::OrganisationHistoryPage},
    },
    visitor::Visitor,
};

/// Where the icon is. Its content is part of its address, so that browsers may keep it until it changes.
static ICON: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = DefaultHasher::new();
    hasher.write(include_bytes!("../../style/assets/favicon.svg"));
    format!("/favicon.svg?{:016x}", hasher.finish())
});

/// What stands in the frame in place of the page at an address: for those few that are not the app's. It is put into the
/// context of whatever is rendered.
#[derive(Clone)]
pub struct InPlaceOfPage(pub Arc<dyn Fn() -> AnyView + Send + Sync>);

/// The document around a page. The server leaves the scripts out again where the page has no island.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en-GB">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <link rel="icon" href=ICON.as_str() type="image/svg+xml"/>
                <HashedStylesheet id="leptos" options=options.clone()/>
                <MetaTags/>
                <HydrationScripts options islands=true/>
            </head>
            <body class="app-page">
                <App/>
            </body>
        </html>
    }
}

/// The whole portal.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // While the routes are listed at start there is no request, and so no visitor.
    let actor = use_context::<Visitor>().and_then(|visitor| visitor.actor);
    let form = use_context::<FormState>().unwrap_or_default();
    let late = form.left_out();
    let (failure, gone_on) = (form.failure, form.gone_on.map(|submission| *submission));
    let in_place = use_context::<InPlaceOfPage>();
    // leptos_meta writes a title as it is, and it may hold what somebody typed.
    view! {
        <Title formatter=|title: String| format!("{} – Staffbook", escaped(&title))/>
        <a class="nhsuk-skip-link" href="#main">"Skip to main content"</a>
        <Router>
            <Header name=actor.as_ref().map(Actor::name).map(ToOwned::to_owned)/>
            <Stay/>
            <div class="app-page__main">
                <div class="nhsuk-width-container">
                    <main class="nhsuk-main-wrapper" id="main">
                        {late.map(|left_out| view! { <LateForm left_out/> })}
                        {match (failure, gone_on, in_place) {
                            (Some(failure), ..) => view! { <FailurePage failure/> }.into_any(),
                            (None, Some(submission), _) => view! { <GoneOn submission/> }.into_any(),
                            (None, None, Some(InPlaceOfPage(view))) => view(),
                            (None, None, None) => view! { <Pages/> }.into_any(),
                        }}
                    </main>
                </div>
            </div>
            <Footer/>
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in/second") view=SecondPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in/again") view=AgainPage ssr=SsrMode::Async/>
            <Route path=path!("/start/:token") view=StartPage ssr=SsrMode::Async/>
            <Route path=path!("/rename/:token") view=RenamePage ssr=SsrMode::Async/>
            <Route path=path!("/stay") view=StayPage ssr=SsrMode::Async/>
            <Route path=path!("/password-reset") view=PasswordResetPage ssr=SsrMode::Async/>
            <Route path=path!("/activate") view=ActivatePage ssr=SsrMode::Async/>
            <Route path=path!("/password/new") view=NewPasswordPage ssr=SsrMode::Async/>
            <Route path=path!("/me") view=OwnPage ssr=SsrMode::Async/>
            <Route path=path!("/me/tokens") view=OwnTokensPage ssr=SsrMode::Async/>
            <Route path=path!("/administrators") view=AdministratorsPage ssr=SsrMode::Async/>
            <Route path=path!("/administrators/new") view=NewGrantPage ssr=SsrMode::Async/>
            <Route path=path!("/administrators/:id") view=GrantPage ssr=SsrMode::Async/>
            <Route path=path!("/connectors/email") view=EmailPage ssr=SsrMode::Async/>
            <Route path=path!("/connectors/email/set-aside") view=SetAsidePage ssr=SsrMode::Async/>
            <Route path=path!("/connectors/:id") view=ConnectorPage ssr=SsrMode::Async/>
            <Route path=path!("/connectors/:id/trial") view=TrialPage ssr=SsrMode::Async/>
            <Route path=path!("/proposals") view=ProposalsPage ssr=SsrMode::Async/>
            <Route path=path!("/tokens") view=TokensPage ssr=SsrMode::Async/>
            <Route path=path!("/tokens/:id") view=TokenPage ssr=SsrMode::Async/>
            <Route path=path!("/me/password") view=ChangePasswordPage ssr=SsrMode::Async/>
            <Route path=path!("/me/sessions") view=SessionsPage ssr=SsrMode::Async/>
            <Route path=path!("/me/second-factor") view=SecondFactorPage ssr=SsrMode::Async/>
            <Route path=path!("/me/second-factor/app") view=NewAppPage ssr=SsrMode::Async/>
            <Route path=path!("/uploads") view=UploadsPage ssr=SsrMode::Async/>
            <Route path=path!("/uploads/new") view=NewUploadPage ssr=SsrMode::Async/>
            <Route path=path!("/uploads/formats") view=FormatsPage ssr=SsrMode::Async/>
            <Route path=path!("/submissions/:id") view=SubmissionPage ssr=SsrMode::Async/>
            <Route path=path!("/submissions/:id/columns") view=ColumnsPage ssr=SsrMode::Async/>
            <Route path=path!("/submissions/:id/activation") view=NewcomersPage ssr=SsrMode::Async/>
            <Route path=path!("/submissions/:id/rows/:row") view=MendRowPage ssr=SsrMode::Async/>
            <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async/>
            <Route path=path!("/people/actions") view=ActingPage ssr=SsrMode::Async/>
            <Route path=path!("/people/upcoming") view=UpcomingPage ssr=SsrMode::Async/>
            <Route path=path!("/directory") view=DirectoryPage ssr=SsrMode::Async/>
            <Route path=path!("/directory/:id") view=EntryPage ssr=SsrMode::Async/>
            <Route path=path!("/organisations") view=OrganisationsPage ssr=SsrMode::Async/>
            <Route path=path!("/organisation-imports/new") view=NewImportPage ssr=SsrMode::Async/>
            <Route path=path!("/organisations/:id") view=OrganisationPage ssr=SsrMode::Async/>
            <Route path=path!("/organisations/:id/history") view=OrganisationHistoryPage ssr=SsrMode::Async/>
            <Route path=path!("/organisations/:id/seats") view=SeatsPage ssr=SsrMode::Async/>
            <Route path=path!("/customers") view=CustomersPage ssr=SsrMode::Async/>
            <Route path=path!("/customers/new") view=NewCustomerPage ssr=SsrMode::Async/>
            <Route path=path!("/customers/:id") view=CustomerPage ssr=SsrMode::Async/>
            <Route path=path!("/customers/:id/edit") view=EditCustomerPage ssr=SsrMode::Async/>
            <Route path=path!("/customers/:id/subscriptions/new") view=NewSubscriptionPage ssr=SsrMode::Async/>
            <Route path=path!("/subscriptions/:id") view=SubscriptionPage ssr=SsrMode::Async/>
            <Route path=path!("/subscriptions/:id/edit") view=EditSubscriptionPage ssr=SsrMode::Async/>
            <Route path=path!("/change-files/:id") view=ChangeFilesPage ssr=SsrMode::Async/>
            <Route path=path!("/accounts/new") view=NewAccountPage ssr=SsrMode::Async/>
            <Route path=path!("/accounts/:id/edit") view=EditAccountPage ssr=SsrMode::Async/>
            <Route path=path!("/contacts/new") view=NewContactPage ssr=SsrMode::Async/>
            <Route path=path!("/contacts/:id/edit") view=EditContactPage ssr=SsrMode::Async/>
            <Route path=path!("/accounts/:id") view=AccountPage ssr=SsrMode::Async/>
            <Route path=path!("/contacts/:id") view=ContactPage ssr=SsrMode::Async/>
            <Route path=path!("/accounts/:id/absence") view=AbsencePage ssr=SsrMode::Async/>
            <Route path=path!("/accounts/:id/leaver") view=LeaverPage ssr=SsrMode::Async/>
            <Route path=path!("/accounts/:id/seats") view=AccountSeatsPage ssr=SsrMode::Async/>
            <Route path=path!("/accounts/:id/hold") view=HoldPage ssr=SsrMode::Async/>
            <Route path=path!("/accounts/:id/transfer") view=AccountTransferPage ssr=SsrMode::Async/>
            <Route path=path!("/contacts/:id/transfer") view=ContactTransferPage ssr=SsrMode::Async/>
            <Route path=path!("/joiners/new") view=JoinerPage ssr=SsrMode::Async/>
            <Route path=path!("/offers") view=OffersPage ssr=SsrMode::Async/>
            <Route path=path!("/offers/:id") view=OfferPage ssr=SsrMode::Async/>
            <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async/>
            <Route path=path!("/automatic-changes/held") view=HeldPage ssr=SsrMode::Async/>
            <Route path=path!("/help") view=HelpPage ssr=SsrMode::Async/>
            <Route path=path!("/help/sync") view=SyncHelpPage ssr=SsrMode::Async/>
            <Route path=path!("/help/email") view=EmailHelpPage ssr=SsrMode::Async/>
            <Route path=path!("/help/change-files") view=ChangeFilesHelpPage ssr=SsrMode::Async/>
            <Route path=path!("/contact") view=SupportPage ssr=SsrMode::Async/>
            <Route path=path!("/privacy") view=PrivacyPage ssr=SsrMode::Async/>
            <Route path=path!("/accessibility") view=AccessibilityPage ssr=SsrMode::Async/>
            <Route path=path!("/preview") view=PreviewPage ssr=SsrMode::Async/>
        </Routes>
    }
}
