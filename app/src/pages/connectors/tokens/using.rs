//! How programs use the API: what is asked and answered, beside the token. The fields are those of `server/src/channels/api/told.rs`.

use leptos::prelude::*;

use crate::{components::field_list::FieldList, routes};

/// What can be asked: method, path, what it does.
const ASKED: [(&str, &str, &str); 5] = [
    (
        "POST",
        routes::API_SUBMISSIONS,
        "Sends a CSV file as the body, with Content-Type: text/csv. A workbook (.xlsx, .ods) is sent in the same way: it is known \
         by its content. The changes are applied at once, unless they wait for an administrator. Add ?dry_run=true to see what would happen: nothing is applied.",
    ),
    (
        "GET",
        routes::API_SUBMISSIONS,
        "Lists what you sent, newest first, 50 at a time.",
    ),
    (
        "GET",
        "/api/v1/submissions/{id}",
        "Says what became of a submission, with 50 rows at a time.",
    ),
    (
        "GET",
        "/api/v1/submissions/{id}/result.csv",
        "Gives the file back with what became of each row.",
    ),
    (
        "GET",
        "/api/v1/me",
        "Says whose token it is, and which organisations it may send for.",
    ),
];

/// The fields of a submission.
const OF_SUBMISSIONS: [(&str, &str); 14] = [
    (
        "id",
        "The reference. The header Location of the answer holds its address.",
    ),
    (
        "state",
        "received, applying, applied, unreadable, held (waits for an administrator), dry-run, declined (an administrator \
         discarded it) or superseded. Ask again while it is received or applying.",
    ),
    ("dry_run", "true if nothing is ever applied."),
    (
        "received_at, finished_at",
        "When it came and ended, in UTC, such as 2026-11-29T18:45:00Z. finished_at is null until then.",
    ),
    (
        "held",
        "Only while it waits for an administrator, or would in a dry run: message says why, link is the page for the \
         administrator.",
    ),
    (
        "totals",
        "How many rows there are (rows), and how many were created, updated, unchanged, left_out, stale or waiting. In a dry \
         run: how many would be.",
    ),
    (
        "problems",
        "What is wrong with the file as a whole, each with column, message and hint. Empty if it can be read.",
    ),
    (
        "notices",
        "How the file was read, a sentence each: what the portal’s page says about other sheets, hidden rows, number formats \
         and columns that were not read. Empty if there is nothing to say.",
    ),
    (
        "columns",
        "The columns of the file from left to right: heading, and attribute (such as local-id), or null if the column was not \
         read.",
    ),
    ("trouble", "Why it stopped before its end, or null."),
    ("rows", "The rows, described below."),
    (
        "next",
        "The path of the next rows, or of the next submissions in the list. null on the last page.",
    ),
    (
        "submissions",
        "Only in the list: the submissions, each without problems, notices, columns, rows and next.",
    ),
    (
        "connector_of",
        "Only in /api/v1/me, beside id, name and address of the token’s holder: organisation (its code), name and unit (null \
         for the whole organisation).",
    ),
];

/// The fields of a row.
const OF_ROWS: [(&str, &str); 6] = [
    ("row", "The number of the row in the file. The headings are row 1."),
    ("name", "The person the row is about."),
    (
        "result",
        "created, updated, unchanged, left-out (see problems), stale (the account changed since it was read: send the \
         row again) or waiting.",
    ),
    (
        "address",
        "The email address of an account that the row created, or would. Otherwise null.",
    ),
    (
        "changes",
        "What the row changes: column (the heading), before and after. null is an empty value. For a new account, all its \
         details with before null. First and last days are dates, such as 2027-03-01.",
    ),
    (
        "problems",
        "Why it was not applied, or what must be checked first: column (null if it is no single cell), message and hint.",
    ),
];

/// The answers by status.
const STATUSES: [(&str, &str); 10] = [
    (
        "202",
        "The file was taken in. The body says what is known of it so far.",
    ),
    ("200", "The answer to a question."),
    (
        "400",
        "A parameter is not valid: after is the row or the ID from next, dry_run is true or false.",
    ),
    ("401", "The token is missing, expired or revoked."),
    ("403", "The token’s holder may not send through the API."),
    (
        "404",
        "There is no such submission, or somebody else sent it. 410: the file is no longer kept.",
    ),
    ("413", "The file is too large, or did not arrive whole."),
    ("415", "The body is not text/csv."),
    (
        "422",
        "The file cannot be read. The body is the submission with all problems. Nothing is applied.",
    ),
    (
        "429, 503",
        "Too many requests, or the portal is busy. Wait for the seconds in the header Retry-After.",
    ),
];

/// The section.
#[component]
pub(super) fn UsingTheApi(portal: String) -> impl IntoView {
    let address = format!("{portal}{}", routes::API_SUBMISSIONS);
    let asked = ASKED
        .map(|(method, path, does)| view! { <li><code class="app-break">{method} " " {path}</code> " " {does}</li> })
        .collect_view();
    view! {
        <section aria-labelledby="using">
            <h2 id="using">"Use the API"</h2>
            <p>"Send the token with every request, in the header " <code>"Authorization: Bearer …"</code> ". Answers are JSON. What is refused is answered with status, title and detail (RFC 9457)."</p>
            <ul class="nhsuk-list nhsuk-list--bullet">{asked}</ul>
            <Example label="Example with curl" code=curl(&address)/>
            <Example label="Example with Python" code=python(&address)/>
            <Example label="Example with PowerShell" code=powershell(&address)/>
            <Fields label="Fields of a submission" fields=&OF_SUBMISSIONS/>
            <Fields label="Fields of a row" fields=&OF_ROWS/>
            <Fields label="Statuses" fields=&STATUSES/>
        </section>
    }
}

#[component]
fn Example(label: &'static str, code: String) -> impl IntoView {
    view! {
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{label}</span></summary>
            <div class="nhsuk-details__text"><pre class="app-code" tabindex="0"><code>{code}</code></pre></div>
        </details>
    }
}

#[component]
fn Fields(label: &'static str, fields: &'static [(&'static str, &'static str)]) -> impl IntoView {
    view! {
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{label}</span></summary>
            <div class="nhsuk-details__text"><FieldList fields/></div>
        </details>
    }
}

fn curl(address: &str) -> String {
    format!(
        r#"# What would happen; then the same without ?dry_run=true
curl --data-binary @staff.csv \
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: text/csv" \
  "{address}?dry_run=true"

# What you sent
curl -H "Authorization: Bearer $TOKEN" "{address}""#
    )
}

fn python(address: &str) -> String {
    format!(
        r#"import json, os, time, urllib.error, urllib.request

ADDRESS = "{address}"
HEADERS = {{"Authorization": "Bearer " + os.environ["TOKEN"], "Content-Type": "text/csv"}}

def ask(address, body=None):
    try:
        request = urllib.request.Request(address, data=body, headers=HEADERS)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code != 422:
            raise
        return json.load(error)

with open("staff.csv", "rb") as file:
    sent = ask(ADDRESS, file.read())
while sent["state"] in ("received", "applying"):
    time.sleep(5)
    sent = ask(ADDRESS + "/" + sent["id"])
print(sent["state"], sent["totals"])
for problem in sent["problems"]:
    print(problem["message"], problem["hint"])
for row in sent["rows"]:
    print(row["row"], row["result"], [problem["message"] for problem in row["problems"]])"#
    )
}

fn powershell(address: &str) -> String {
    format!(
        r#"$address = "{address}"
$headers = @{{ Authorization = "Bearer $env:TOKEN" }}
$sent = Invoke-RestMethod -Method Post -Uri $address -Headers $headers `
  -ContentType "text/csv; charset=utf-8" -InFile staff.csv
while ($sent.state -in "received", "applying") {{
  Start-Sleep -Seconds 5
  $sent = Invoke-RestMethod -Uri "$address/$($sent.id)" -Headers $headers
}}
$sent.totals
$sent.rows | Where-Object result -eq "left-out" | ForEach-Object {{ "$($_.row): $($_.problems.message)" }}"#
    )
}
