//! Which of a mail's parts is the file that it brings: one list or spreadsheet, or a ZIP file with one in it.

use std::borrow::Cow;

use domain::email::Refusal;

use crate::{
    archive::{self, Opened, named},
    fields::Head,
    kinds::{self, Kind, START},
    limits::Limits,
    parts::{Part, Parts},
    winmail,
};

/// Bytes of a page that are looked at: some programs write long styles in front of it.
const PAGE: usize = 64 * 1024;

/// The file that a mail brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as the mail has it; without a path and without what cannot be seen.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file that may be the one.
struct Found<'m> {
    name: Option<String>,
    bytes: Cow<'m, [u8]>,
    is_zip: bool,
}

/// What is known of a mail's parts.
#[derive(Default)]
struct Sorted<'m> {
    /// Lists, spreadsheets and ZIP files.
    lists: Vec<Found<'m>>,
    /// What is no list by name or content, and still was attached by somebody.
    others: Vec<Found<'m>>,
    has_winmail: bool,
    has_encrypted: bool,
    has_mail: bool,
    has_pasted: bool,
    /// Whether a file is packed as before MIME.
    has_uuencoded: bool,
    /// Whether some of what could be the file was lost or changed on the way.
    is_damaged: bool,
}

/// The file that a mail brings.
///
/// # Errors
/// Not exactly one can be used.
pub(crate) fn attachment(head: &Head<'_>, limits: &Limits) -> Result<Attachment, Refusal> {
    let parts = Parts::of(head, limits)?;
    // What is there of it may look whole, and is not.
    if parts.is_cut {
        return Err(Refusal::Damaged);
    }
    let mut sorted = Sorted {
        has_encrypted: parts.has_encrypted,
        has_mail: parts.has_mail,
        ..Sorted::default()
    };
    for part in parts.list {
        sorted.sort(part);
    }
    sorted.choose(limits)
}

impl<'m> Sorted<'m> {
    fn sort(&mut self, part: Part<'m>) {
        let content = &part.content;
        let is_text = matches!(content.media.as_str(), "text/plain" | "text/html" | "text/enriched");
        if content.is_uuencoded() || kinds::is_uuencoded(&part.start(START)) {
            self.has_uuencoded = true;
            return;
        }
        if content.name.is_none() && !content.is_attachment && is_text {
            if content.media == "text/html" {
                self.has_pasted |= kinds::is_pasted_page(&part.start(PAGE));
            } else {
                let start = part.start(START);
                self.has_encrypted |= start.trim_ascii_start().starts_with(b"-----BEGIN PGP MESSAGE");
                self.has_pasted |= kinds::is_pasted(&start);
            }
            return;
        }
        let kind = kinds::of(content.name.as_deref(), &content.media, &part.start(START));
        match kind {
            Kind::Winmail => self.unpack(&part),
            _ => self.keep(kind, part.content.name.clone(), || part.bytes()),
        }
    }

    /// Keeps what may be the file, if its bytes have arrived whole.
    fn keep(&mut self, kind: Kind, name: Option<String>, bytes: impl FnOnce() -> Option<Cow<'m, [u8]>>) {
        match kind {
            Kind::List | Kind::Zip | Kind::Other => {
                let Some(bytes) = bytes() else {
                    self.is_damaged = true;
                    return;
                };
                let is_zip = kind == Kind::Zip;
                let found = Found { name, bytes, is_zip };
                match kind {
                    Kind::Other => self.others.push(found),
                    _ => self.lists.push(found),
                }
            }
            Kind::Winmail => self.has_winmail = true,
            Kind::Encrypted => self.has_encrypted = true,
            Kind::Mail => self.has_mail = true,
            Kind::Ignored => {}
        }
    }

    /// Takes out what Outlook has packed.
    fn unpack(&mut self, part: &Part<'m>) {
        self.has_winmail = true;
        let Some(bytes) = part.bytes() else {
            self.is_damaged = true;
            return;
        };
        for file in winmail::files(&bytes).unwrap_or_default() {
            let start = file.bytes.get(..START).unwrap_or(file.bytes);
            let kind = kinds::of(file.name.as_deref(), "", start);
            self.keep(kind, file.name, || Some(Cow::Owned(file.bytes.to_vec())));
        }
    }

    fn choose(mut self, limits: &Limits) -> Result<Attachment, Refusal> {
        match self.lists.len() {
            _ if self.is_damaged => Err(Refusal::Damaged),
            0 => self.instead(limits),
            1 => self.lists.swap_remove(0).opened(limits),
            _ => Err(several(&self.lists)),
        }
    }

    /// What there is where no list is. A file of another kind is passed on, so that its sender is told what it is.
    fn instead(mut self, limits: &Limits) -> Result<Attachment, Refusal> {
        if self.has_uuencoded {
            Err(Refusal::Uuencoded)
        } else if self.has_encrypted {
            Err(Refusal::Encrypted)
        } else if self.has_winmail {
            Err(Refusal::Winmail)
        } else if self.has_pasted {
            Err(Refusal::Pasted)
        } else if self.has_mail {
            Err(Refusal::Forwarded)
        } else {
            match self.others.len() {
                0 => Err(Refusal::NoFile),
                1 => self.others.swap_remove(0).opened(limits),
                _ => Err(several(&self.others)),
            }
        }
    }
}

fn several(found: &[Found<'_>]) -> Refusal {
    Refusal::Several {
        names: named(found.iter().map(|file| file.name.clone())),
    }
}

impl Found<'_> {
    /// The file, taken out of its ZIP file if it is in one.
    fn opened(self, limits: &Limits) -> Result<Attachment, Refusal> {
        if self.bytes.len() > limits.file_bytes() {
            return Err(Refusal::FileTooLarge {
                limit_mib: limits.file_mib,
            });
        }
        let opened = if self.is_zip {
            archive::open(&self.bytes, limits)?
        } else {
            Opened::Document
        };
        let (name, bytes) = match opened {
            Opened::Document => (self.name, self.bytes.into_owned()),
            Opened::File(name, bytes) => (name.or(self.name), bytes),
        };
        Ok(Attachment {
            name: name.unwrap_or_else(|| usual_name(&bytes).to_owned()),
            bytes,
        })
    }
}

/// What a file without a name is called.
fn usual_name(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"PK\x03\x04") {
        "attachment.xlsx"
    } else {
        "attachment.csv"
    }
}
