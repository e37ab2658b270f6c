//! Files that no careful person would send, through the whole server: each is a page that says what is wrong and what to
//! do, and none changes anybody it should not.

use std::io::Write;

use axum::http::StatusCode;
use domain::{dictionary::Attribute, submission::State, values::ids::SubmissionId};
use formats::Limits;
use gate::{SentBy, Worker};
use testkit::{Kind, Portal, on_both};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::browser::{Site, Visitor};

const HEADINGS: &str = "LocalID,ODSCode,FirstName,LastName,Mobile,Notes";

fn rows(rows: &[&str]) -> String {
    format!("{HEADINGS}\n{}\n", rows.join("\n"))
}

/// An archive of these files.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Entities that would grow to a thousand million letters.
const LAUGHS: &str = r#"<!DOCTYPE l [<!ENTITY a "hahahahaha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>"#;

/// An Excel workbook whose sheet is this XML.
pub fn excel(sheet: &str) -> Vec<u8> {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let book = format!(
        r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="Staff" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let related = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    archive(&[
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &related),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// Files that cannot be read, each with what its page says.
fn unreadable() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    const EMPTY: &str = "There is nothing in this file. Check which file you meant to send.";
    const NO_TEXT: &str =
        "The file is neither a CSV file nor a spreadsheet that can be read. In your spreadsheet choose Save as";
    const DAMAGED: &str = "The spreadsheet is damaged, or no sheet of it can be read. Open it, save it again";
    let laughing = format!(
        r#"{LAUGHS}<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&d;&d;&d;</t></is></c></row></sheetData></worksheet>"#
    );
    let document = format!(
        r#"{LAUGHS}<office:body><table:table table:name="A"><table:table-row><table:table-cell><text:p>&d;&d;</text:p></table:table-cell></table:table-row></table:table></office:body>"#
    );
    vec![
        ("empty.csv", vec![], EMPTY),
        ("blank.csv", b"\xEF\xBB\xBF\r\n \r\n".to_vec(), EMPTY),
        (
            "headings.csv",
            HEADINGS.into(),
            "The file has headings but no rows. Add rows below the headings",
        ),
        (
            "picture.csv",
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec(),
            "The file is a picture. Type the list into",
        ),
        ("bytes.csv", (0..=255).cycle().take(4096).collect(), NO_TEXT),
        ("zeros.csv", rows(&["1,RIV,A\0nn,Lee,,"]).into(), NO_TEXT),
        (
            "quote.csv",
            rows(&["1,RIV,Ann,Lee,,"])
                .replacen("FirstName", "\"First\"Name", 1)
                .into(),
            "The quotation marks in the headings (row 1) do not match. In a text editor, close or delete each",
        ),
        (
            "twice.csv",
            format!("{HEADINGS},mobile\n1,RIV,Ann,Lee,,,\n").into(),
            "Repeated: “mobile”",
        ),
        ("laughs.xlsx", excel(&laughing), DAMAGED),
        ("laughs.ods", archive(&[("content.xml", &document)]), DAMAGED),
        ("cut.xlsx", excel("<worksheet/>")[..200].to_vec(), DAMAGED),
        (
            "document.xlsx",
            archive(&[("word/document.xml", "<w/>")]),
            "The file is a Word document or another text document. Copy the table into a spreadsheet",
        ),
    ]
}

/// Uploads a file and has it checked; the text of its page, and where that is.
async fn checked(site: &Site, visitor: &Visitor<'_>, name: &str, bytes: impl AsRef<[u8]>) -> (String, String) {
    let worker = Worker::new(site.portal.gate.clone());
    let sent = tokio::select! {
        sent = visitor.upload(name, bytes) => sent,
        () = worker.run() => panic!("a worker never ends"),
    };
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{name}: {}", sent.body);
    if state(site, sent.location()).await == State::Received {
        // It took longer than an upload waits for; the claim of the worker that was let go must run out.
        site.portal.pass_seconds(60);
        site.portal.work().await;
    }
    let page = visitor.get(sent.location()).await;
    assert_eq!(page.status, StatusCode::OK, "{name}");
    (shown(&page.body), sent.location().to_owned())
}

/// Where an upload of Ben's stands, by the path of its page.
async fn state(site: &Site, page: &str) -> State {
    let ben = site.actor("Ben").await;
    let id = SubmissionId::parse(page.rsplit('/').next().unwrap_or_default()).expect("the page of a submission");
    let submission = site.portal.gate.on_behalf_of(&ben).submission(&id).await;
    submission.expect("it is Ben's").state
}

/// What a page says: the text of its main part, without the tags.
fn shown(page: &str) -> String {
    let (_, page) = page.split_once("<main").expect("a page");
    let text: String = page
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text)
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Confirms what is shown, and has it applied.
async fn apply(site: &Site, visitor: &Visitor<'_>, page: &str) {
    let confirmed = visitor
        .post(&format!("{page}/confirmation"), "seen=0&look_alikes=create")
        .await;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
    site.portal.work().await;
}

/// The lines of a file to take away, below its headings.
async fn lines(visitor: &Visitor<'_>, path: &str) -> Vec<Vec<String>> {
    let file = visitor.get(path).await;
    assert_eq!(file.status, StatusCode::OK, "{path}");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(file.body.as_bytes());
    let lines = reader
        .records()
        .map(|line| line.expect("a line").iter().map(ToOwned::to_owned).collect());
    lines.collect()
}

on_both! {
    async fn a_file_that_cannot_be_read_is_a_page_that_says_why_and_what_to_do(portal: Portal) {
        let site = Site::over(portal);
        let (ben, people) = (site.sign_in("Ben").await, site.portal.everybody().await.len());
        for (name, bytes, expected) in unreadable() {
            let (text, _) = checked(&site, &ben, name, bytes).await;
            assert!(text.contains(expected), "{name}: {text}");
            assert!(!text.contains("hahaha"), "{name}: {text}");
        }
        assert_eq!(site.portal.everybody().await.len(), people);
    }

    async fn rows_with_what_cannot_be_kept_say_so_and_the_others_are_kept_as_they_are_written(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let file = rows(&[
            "b1,RIV,Evil\u{202E}gpj,Lee,,", "b2,RIV,Ann,Lee😀,,", "b3,RIV,Ame\u{301}lie,Zo\u{308}llner,,👍 at last",
            "b4,RIV,Ann,Lee,,", "b4,RIV,Bea,Moore,,", "b5,RIV,\u{200B},Lee,,", "b6,RIV,محمد,عبدالله,,",
        ]);
        let (text, page) = checked(&site, &ben, "signs.csv", file).await;
        for expected in [
            "First name has an invisible character (U+202E) after the 4th character (“Evil”).", "Take out “😀”.", "Amélie", "محمد", "is also in row 6.",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        apply(&site, &ben, &page).await;
        let results: Vec<_> = lines(&ben, &format!("{page}/result.csv")).await.into_iter()
            .map(|line| line.last().unwrap().starts_with("Created "))
            .collect();
        assert_eq!(results, [false, false, true, false, false, false, true]);
        let everybody = site.portal.everybody().await;
        let amelie = everybody.iter().find(|account| account.attributes.text(Attribute::LocalId) == "b3").unwrap();
        let kept = [Attribute::FirstName, Attribute::LastName, Attribute::Notes].map(|held| amelie.attributes.text(held));
        assert_eq!(kept, ["Amélie", "Zöllner", "👍 at last"]);
    }

    async fn codes_outside_the_scope_are_answered_like_codes_that_nobody_has(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let mut answers = Vec::new();
        // A practice that is there, its administrator's local ID and name; and one that is not there.
        for code in ["G7H8J", "Z9Z9Z"] {
            let file = rows(&[&format!("2,{code},,,07700 900123,"), &format!(",{code},Gwen,Ashcombe,,")]);
            let (text, page) = checked(&site, &ben, "elsewhere.csv", file).await;
            assert!(text.contains("You do not manage an organisation with the code"), "{text}");
            let reference = page.rsplit('/').next().unwrap().to_owned();
            let plain = |text: &str| text.replace(code, "CODE").replace(&reference, "REFERENCE");
            let problems = lines(&ben, &format!("{page}/problems.csv")).await;
            answers.push((plain(&text), plain(&format!("{problems:?}"))));
        }
        assert_eq!(answers[0], answers[1]);
    }

    async fn formulas_are_guarded_in_every_file_and_the_guard_is_taken_off_when_it_comes_back(portal: Portal) {
        let site = Site::over(portal);
        let (grace, ben) = (site.sign_in("Grace").await, site.sign_in("Ben").await);
        let formulas = ["=SUM(A1)", "@cmd", "+cmd|' /C calc'!A0", "-1+1|x", "=HYPERLINK(\"\"https://evil.example\"\")"];
        let row = |(number, formula): (usize, &&str)| format!("f{number},RIV,Ada,Formula{},,\"{formula}\"", "abcde".repeat(number + 1));
        let file = rows(&formulas.iter().enumerate().map(row).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>());
        let (_, page) = checked(&site, &ben, "formulas.csv", file + "f9,RIV,Ada,=Wrong,,=cmd\n").await;
        apply(&site, &ben, &page).await;
        let everybody = site.portal.everybody().await;
        let notes = |account: &domain::account::Account| account.attributes.text(Attribute::Notes).to_owned();
        let kept = everybody.iter().find(|account| notes(account) == "=SUM(A1)").expect("kept as it was sent");
        let export = "/people/export.csv?words=formula&columns=notes";
        let mut guarded = 0;
        for path in [
            export.to_owned(), format!("{page}/result.csv"), format!("{page}/problems.csv"),
            format!("/accounts/{}/history.csv", kept.id), "/organisations/RIV/history.csv".to_owned(),
            app::routes::AUDIT_CSV.to_owned(),
        ] {
            for cell in lines(&grace, &path).await.into_iter().flatten() {
                let is_number = |text: &str| text[1..].chars().all(|c| c.is_ascii_digit() || " ()-.".contains(c));
                assert!(!cell.starts_with(['=', '@', '\t']), "{path}: {cell}");
                assert!(!cell.starts_with(['+', '-']) || is_number(&cell), "{path}: {cell}");
                guarded += usize::from(cell.starts_with("'="));
            }
        }
        assert!(guarded > 5, "{guarded}");
        let again = ben.get(export).await.body;
        assert!(again.contains("'=SUM(A1)") && again.contains("'+cmd|"), "{again}");
        let (_, page) = checked(&site, &ben, "again.csv", again).await;
        apply(&site, &ben, &page).await;
        let results: Vec<_> = lines(&ben, &format!("{page}/result.csv")).await.iter().map(|line| line.last().unwrap().clone()).collect();
        assert_eq!(results, vec!["No changes needed."; formulas.len()]);
    }
}

// What a large file comes to does not depend on the database.

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_workbook_that_unpacks_to_a_large_one_is_refused_with_what_to_do() {
    let limits = Limits {
        mib: 1,
        ..Limits::default()
    };
    let site = Site::over(Portal::open(Kind::Sqlite).await.within(limits));
    let zeros = "0".repeat(17 * 1024 * 1024);
    let bomb = archive(&[("xl/workbook.xml", "<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    let (text, _) = checked(&site, &site.sign_in("Ben").await, "bomb.xlsx", bomb).await;
    let said = "The spreadsheet holds more than 16 MB once it is unpacked. Take pictures and other sheets out of it";
    assert!(text.contains(said), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seventy_mebibytes_are_refused_with_the_limit_and_nothing_of_them_is_kept() {
    let site = Site::open(Kind::Sqlite).await;
    let (ben, actor) = (site.sign_in("Ben").await, site.actor("Ben").await);
    let sent = ben.upload("large.csv", vec![b'x'; 70 * 1024 * 1024]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = shown(&sent.body);
    assert!(
        text.contains(
            "The upload was interrupted, or the file is larger than 64 MB. Check the file and upload it again."
        ),
        "{text}"
    );
    let kept = site
        .portal
        .gate
        .on_behalf_of(&actor)
        .submissions(SentBy::Anybody, None, 10)
        .await
        .unwrap();
    assert!(kept.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_more_than_two_hundred_thousand_is_refused_with_the_limit() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let file = "ID,ODSCode,FirstName,LastName,LocalID\n".to_owned() + &",R,A,B,1\n".repeat(200_001);
    let (text, page) = checked(&site, &ben, "long.csv", file).await;
    assert!(
        text.contains("The file has more than 200,000 rows. Split it into smaller files."),
        "{text}"
    );
    assert_eq!(state(&site, &page).await, State::Unreadable);
}
