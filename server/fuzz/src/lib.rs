//! A target for each parser that meets strangers' bytes. Each takes any bytes at all, and panics where what must hold does
//! not: `make fuzz` looks for such bytes, and `tests/corpus.rs` tries those of `corpus/` again with every run of the tests.
//!
//! A new parser gets a function here, its line in [`TARGETS`], a program in `src/bin/`, and a few honest examples in
//! `corpus/`. What the fuzzer finds is mended, and kept there.

#[path = "../../src/files/downloads/disposition.rs"]
mod disposition;
#[expect(dead_code, reason = "only the server reads headers")]
#[path = "../../src/http/client/proxies.rs"]
mod proxies;

mod change_files;
mod mails;
mod provisioning;
#[path = "../../gate/src/connectors/tokens/spelling.rs"]
mod spelling;

use std::{
    collections::BTreeMap,
    io::{Cursor, Write},
    net::IpAddr,
    sync::LazyLock,
};

use axum::{
    body::Body,
    extract::{FromRequest, Multipart},
    http::{HeaderValue, Request, header},
};
use domain::{
    dictionary::Attribute,
    look_alike::FoldedName,
    organisation::{OrganisationCode, UnitPath},
    password::{self, Guesses},
    request::{Cells, Wish},
    rules::Rules,
    values::{
        email_address::{EmailAddress, MailDomain},
        ids::{AccountId, RowNumber, SubmissionId, TokenId},
        telephone::Telephone,
        text,
    },
};
use formats::{Formats, Mark, Sheet, mark};
use futures::executor::block_on;
use zip::{ZipWriter, write::SimpleFileOptions};

pub use self::{
    change_files::{change_file, change_file_name},
    mails::{email_mail, email_results},
    provisioning::{scim_cursor, scim_filter, scim_patch, scim_path},
};
use self::{
    disposition::disposition,
    proxies::{ForwardedBy, Networks, Proxies},
};

/// What takes any bytes at all.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also the name of its program behind `fuzz-` and of its folder in `corpus/`.
pub const TARGETS: [(&str, Target); 15] = [
    ("attributes", attributes),
    ("change-file", change_file),
    ("change-file-name", change_file_name),
    ("csv", csv),
    ("email-mail", email_mail),
    ("email-results", email_results),
    ("forwarded", forwarded),
    ("multipart", multipart),
    ("references", references),
    ("scim-cursor", scim_cursor),
    ("scim-filter", scim_filter),
    ("scim-patch", scim_patch),
    ("scim-path", scim_path),
    ("tokens", tokens),
    ("workbook", workbook),
];

// Made once: reading them takes longer than what is tried.
static FORMATS: LazyLock<Formats> = LazyLock::new(Formats::shipped);
static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::standard(MailDomain::parse("health.example").expect("a domain")));

/// An uploaded file, in whatever encoding: opened, read row by row, each cell judged, and written again with a column
/// more, which is then read with the same answers.
pub fn csv(bytes: &[u8]) {
    let Ok(sheet) = Sheet::open(&FORMATS, bytes) else {
        return;
    };
    let cells = cells(&sheet);
    for (attribute, text) in cells.iter().flat_map(|cells| &cells.texts) {
        let _ = attribute.parse(text, ';', &RULES);
    }
    let marked = mark(vec![], &sheet, "Problems", &[], |_: RowNumber| Mark::Keep {
        said: "Something is wrong.".to_owned(),
        mended: BTreeMap::new(),
    });
    let marked = marked.expect("memory can be written");
    let again = Sheet::open(&FORMATS, &marked).expect("what was read can be read again when it is marked");
    // But for one-time passwords, which are not given back.
    let shown = |mut cells: Cells| {
        cells.texts.remove(&Attribute::Password);
        cells.texts
    };
    let texts = |cells: Vec<Cells>| cells.into_iter().map(shown).collect::<Vec<_>>();
    assert_eq!(texts(cells), texts(self::cells(&again)), "marking changes no cell");
}

fn cells(sheet: &Sheet) -> Vec<Cells> {
    let wishes = sheet.requests().map(|request| request.wish);
    wishes
        .filter_map(|wish| match wish {
            Wish::AccountInFile(cells) => Some(cells),
            _ => None,
        })
        .collect()
}

/// A spreadsheet: the bytes as the whole of one, and as the sheet within one that is otherwise sound. What is read
/// of it holds to the limits.
pub fn workbook(bytes: &[u8]) {
    let book = br#"<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let links =
        br#"<Relationships><Relationship Id="r1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let texts =
        b"<sst><si><t>LocalID</t></si><si><t>ODSCode</t></si><si><t>FirstName</t></si><si><t>LastName</t></si></sst>";
    let excel = archive(&[
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", links),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", bytes),
    ]);
    let whole = [b"PK\x03\x04", bytes].concat();
    for file in [whole, excel, archive(&[("content.xml", bytes)])] {
        let Ok(sheet) = Sheet::open(&FORMATS, &file) else {
            continue;
        };
        assert!(sheet.count() <= FORMATS.limits().rows);
        assert!(sheet.layout.columns.len() <= FORMATS.limits().columns);
        assert_eq!(cells(&sheet).len(), sheet.count() as usize);
    }
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("room in memory");
        writer.write_all(bytes).expect("room in memory");
    }
    writer.finish().expect("room in memory").into_inner()
}

/// What is typed into a form: the first byte says into which field. What is read is read again as itself.
pub fn attributes(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let typed = String::from_utf8_lossy(rest);
    let attribute = Attribute::ALL[usize::from(*first) % Attribute::ALL.len()];
    if let Ok(value) = attribute.parse(&typed, ';', &RULES) {
        let again = attribute.parse(value.as_str(), ';', &RULES);
        assert_eq!(again.as_ref(), Ok(&value), "{attribute:?} {typed:?}");
    }
    if let Ok(number) = Telephone::parse(&typed) {
        assert!(number.as_str().starts_with('+'));
    }
    let folded = text::fold(&typed);
    assert_eq!(text::fold(&folded), folded);
    let (one, other) = typed.split_at(typed.char_indices().nth(3).map_or(0, |(place, _)| place));
    let _ = password::check(&typed, &Guesses::of_name(one, other));
    let name = FoldedName::of(one, other);
    assert!(name.is_like(&name));
}

/// Names of things in addresses, cookies and links: submissions, accounts, organisations, sessions, mailboxes.
pub fn references(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    if let Some(id) = SubmissionId::parse(&said) {
        assert_eq!(SubmissionId::parse(id.as_str()), Some(id));
    }
    if let Ok(id) = said.parse::<AccountId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Ok(code) = OrganisationCode::parse(&said) {
        assert!(code.as_str().bytes().all(|sign| sign.is_ascii_alphanumeric()));
    }
    if let Ok(id) = said.parse::<tower_sessions::session::Id>() {
        assert_eq!(id.to_string().parse::<tower_sessions::session::Id>().ok(), Some(id));
    }
    if let Ok(address) = EmailAddress::parse(&said) {
        assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
    }
    let unit = UnitPath::parse(&said);
    assert_eq!(UnitPath::parse(unit.as_str()), unit);
}

/// API tokens: what is sound names a token, and no slip of the hand in one is sound.
pub fn tokens(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    assert!(spelling::named(&said).is_none() || spelling::is_sound(&said));
    if spelling::is_sound(&said) {
        assert!(TokenId::parse(&said[4..12]).is_some());
    }
    let (_, token) = spelling::compose();
    assert!(spelling::is_sound(&token));
    if let [place, sign, ..] = bytes {
        let mut slip = token.clone().into_bytes();
        let place = usize::from(*place) % slip.len();
        slip[place] = *sign;
        let slip = String::from_utf8_lossy(&slip);
        assert!(slip == token || !spelling::is_sound(&slip), "{token} {slip}");
    }
}

/// What proxies, and whoever pretends to be one, say of their client: never an address beyond the first that nobody
/// trusts.
pub fn forwarded(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    let lines: Vec<_> = said.split('\n').collect();
    let _ = Networks::try_from(said.to_string());
    let (proxy, stranger): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [198, 51, 100, 7].into());
    for by in [ForwardedBy::XForwardedFor, ForwardedBy::Forwarded] {
        let proxies = Proxies {
            trusted: Networks::try_from("10.0.0.0/8".to_owned()).expect("a network"),
            by,
        };
        assert_eq!(proxies.client(stranger, &lines), stranger);
        // Whatever a client wrote, the proxy's own word behind it counts.
        let added = match by {
            ForwardedBy::XForwardedFor => "198.51.100.7",
            ForwardedBy::Forwarded => "for=198.51.100.7",
        };
        let forged = lines.iter().copied().chain([added]).collect::<Vec<_>>();
        assert_eq!(proxies.client(proxy, &forged), stranger);
        let joined = format!("{said},{added}");
        assert_eq!(proxies.client(proxy, &[&joined]), stranger);
        let _ = proxies.client(proxy, &lines);
    }
}

/// An upload's form, and the name of its file, under which it is given back.
pub fn multipart(bytes: &[u8]) {
    let request = Request::builder()
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(bytes.to_vec()))
        .expect("a request");
    let read = async {
        let Ok(mut form) = Multipart::from_request(request, &()).await else {
            return;
        };
        while let Ok(Some(field)) = form.next_field().await {
            if let Some(name) = field.file_name() {
                let kept_as = disposition(name);
                assert_eq!(kept_as.matches('"').count(), 2, "{kept_as}");
                assert!(HeaderValue::from_str(&kept_as).is_ok(), "{kept_as}");
            }
            if field.bytes().await.is_err() {
                return;
            }
        }
    };
    block_on(read);
}
