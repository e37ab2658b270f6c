//! The accessibility statement, in the shape of the United Kingdom's model statement; readable signed out.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::support_contact::SupportContact,
    routes,
    visitor::{Operator, Visitor},
    words::counted,
};

/// When it was last looked through; with every change to what it says, or to what is tested.
const REVIEWED: &str = "30 November 2026";

/// The page. It says what is tested and what is not, and nothing besides.
#[component]
pub fn AccessibilityPage() -> impl IntoView {
    let url = Visitor::of_page().gate.rules().url.clone();
    let idle = use_context::<Operator>().unwrap_or_default().session_minutes;
    let idle = counted(idle, "minute", "minutes");
    view! {
        <Title text="Accessibility statement"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1>"Accessibility statement"</h1>
            <p>"This statement is about the portal Staffbook at " <span class="app-break">{url}</span> ". We want as many people as possible to be able to use it. You should be able to:"</p>
            <ul>
                <li>"use every page with a keyboard alone"</li>
                <li>"use every page without JavaScript"</li>
                <li>"zoom in up to 400% without scrolling sideways"</li>
                <li>"listen to every page with a screen reader"</li>
                <li>"switch off movement in your system’s settings"</li>
            </ul>
            <h2>"How accessible this portal is"</h2>
            <p>"We know that some parts are not fully accessible:"</p>
            <ul>
                <li>"You are signed out after " {idle} " without using the portal. You are warned two minutes before. A form that you send later is kept for an hour, until you have signed in again."</li>
                <li>"A passkey needs JavaScript. An authenticator app or a recovery code does not."</li>
                <li>"Long lists of rows and people are split into pages, but a review of a large file is still long."</li>
                <li>"Staff lists are spreadsheets that others made. We cannot check how accessible they are."</li>
            </ul>
            <h2>"How we tested it"</h2>
            <p>"With every change to the software, programs test:"</p>
            <ul>
                <li>"every page and its states with axe, against the rules of WCAG 2.2, levels A and AA, that a program can check"</li>
                <li>"the main tasks with the keyboard alone, and that you can see where the keyboard is"</li>
                <li>"every task without JavaScript"</li>
                <li>"every page on a screen 320 pixels wide, which is as wide as a desktop’s at 400%"</li>
            </ul>
            <p>"Programs find only some problems. Nobody outside the project has audited the portal. It was not tested with screen readers, speech recognition or screen magnifiers, nor by people who depend on them."</p>
            <h2>"Report a problem"</h2>
            <p>
                "If something does not work for you, or you need it in another format, "
                <a href=routes::CONTACT>"contact your local administrators"</a>
                ". Say which page it is, and what you use to read it."
            </p>
            <SupportContact/>
            <h2>"Enforcement"</h2>
            <p>
                "In the United Kingdom the Equality and Human Rights Commission enforces the Public Sector Bodies (Websites and Mobile "
                "Applications) (No. 2) Accessibility Regulations 2018. If you are not happy with the answer to your report, contact the "
                <a href="https://www.equalityadvisoryservice.com/">"Equality Advisory and Support Service"</a> "."
            </p>
            <h2>"Technical information"</h2>
            <p>
                "This portal is partially compliant with the "
                <a href="https://www.w3.org/TR/WCAG22/">"Web Content Accessibility Guidelines version 2.2"</a>
                ", level AA, because nobody outside the project has audited it yet. We know of no success criterion that it fails."
            </p>
            <p>"This statement was prepared on " {REVIEWED} "."</p>
        </div></div>
    }
}
