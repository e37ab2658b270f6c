//! What Outlook packs attachments into when it writes to the internet as if to another Outlook: winmail.dat (TNEF, MS-OXTNEF).
//! Only the names and the bytes of the attachments are read.

use crate::{fields::text, names};

/// What it begins with.
pub(crate) const SIGN: [u8; 4] = [0x78, 0x9F, 0x3E, 0x22];

/// Attachments that are read at most.
const MOST: usize = 50;

/// A new attachment begins.
const RENDERING: u32 = 0x0006_9002;
/// Its name, in the computer's own charset.
const TITLE: u32 = 0x0001_8010;
/// Its bytes.
const DATA: u32 = 0x0006_800F;
/// Its properties, of which the long name is read.
const PROPERTIES: u32 = 0x0006_9005;

/// An attached file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Packed<'m> {
    pub(crate) name: Option<String>,
    pub(crate) bytes: &'m [u8],
}

/// The attached files; `None` if it is damaged.
pub(crate) fn files(bytes: &[u8]) -> Option<Vec<Packed<'_>>> {
    let mut rest = bytes.strip_prefix(&SIGN)?;
    // A key that nobody uses.
    take(&mut rest, 2)?;
    let mut found: Vec<(Option<String>, Option<String>, &[u8])> = Vec::new();
    while !rest.is_empty() {
        let [level] = *take(&mut rest, 1)? else {
            return None;
        };
        let id = number(take(&mut rest, 4)?)?;
        let length = usize::try_from(number(take(&mut rest, 4)?)?).ok()?;
        let data = take(&mut rest, length)?;
        let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        if take(&mut rest, 2)? != sum.to_le_bytes() {
            return None;
        }
        // Level 1 is the mail itself.
        if level != 2 {
            continue;
        }
        if id == RENDERING || found.is_empty() {
            if found.len() == MOST {
                return None;
            }
            found.push((None, None, &[]));
        }
        let (long, short, file) = found.last_mut()?;
        match id {
            TITLE => *short = names::cleaned(&text(until_zero(data).to_vec())),
            PROPERTIES => *long = long_name(data).and_then(|name| names::cleaned(&name)),
            DATA => *file = data,
            _ => {}
        }
    }
    let files = found.into_iter().map(|(long, short, bytes)| Packed {
        name: long.or(short),
        bytes,
    });
    Some(files.collect())
}

fn take<'m>(rest: &mut &'m [u8], count: usize) -> Option<&'m [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_le_bytes)
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// The long name among an attachment's properties: `None` also where a property stands before it that is not known.
fn long_name(mut rest: &[u8]) -> Option<String> {
    const LONG_NAME: u32 = 0x3707;
    let count = number(take(&mut rest, 4)?)?;
    for _ in 0..count.min(1000) {
        let tag = number(take(&mut rest, 4)?)?;
        let (kind, id) = (tag & 0xFFFF, tag >> 16);
        if id >= 0x8000 {
            named_property(&mut rest)?;
        }
        // More than one value, or one whose length is written before it.
        let has_length = matches!(kind, 0x1E | 0x1F | 0x0D | 0x102);
        let values = if has_length || kind & 0x1000 != 0 {
            number(take(&mut rest, 4)?)?
        } else {
            1
        };
        for _ in 0..values {
            let value = match kind & !0x1000 {
                0x02 | 0x03 | 0x04 | 0x0A | 0x0B => take(&mut rest, 4)?,
                0x05 | 0x06 | 0x07 | 0x14 | 0x40 => take(&mut rest, 8)?,
                0x48 => take(&mut rest, 16)?,
                0x1E | 0x1F | 0x0D | 0x102 => {
                    let length = usize::try_from(number(take(&mut rest, 4)?)?).ok()?;
                    let value = take(&mut rest, length)?;
                    take(&mut rest, length.wrapping_neg() % 4)?;
                    value
                }
                _ => return None,
            };
            match (id, kind) {
                (LONG_NAME, 0x1F) => return Some(wide(value)),
                (LONG_NAME, 0x1E) => return Some(text(until_zero(value).to_vec())),
                _ => {}
            }
        }
    }
    None
}

/// Passes over the name of a property that has one.
fn named_property(rest: &mut &[u8]) -> Option<()> {
    take(rest, 16)?;
    if number(take(rest, 4)?)? == 0 {
        take(rest, 4)?;
        return Some(());
    }
    let length = usize::try_from(number(take(rest, 4)?)?).ok()?;
    take(rest, length)?;
    take(rest, length.wrapping_neg() % 4)?;
    Some(())
}

/// A text in UTF-16, up to its zero.
fn wide(bytes: &[u8]) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs
        .iter()
        .map(|pair| u16::from_le_bytes(*pair))
        .take_while(|unit| *unit != 0);
    char::decode_utf16(units)
        .map(|sign| sign.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        let length = u32::try_from(data.len()).unwrap();
        [
            &[level][..],
            &id.to_le_bytes(),
            &length.to_le_bytes(),
            data,
            &sum.to_le_bytes(),
        ]
        .concat()
    }

    fn packed(records: &[Vec<u8>]) -> Vec<u8> {
        [&SIGN[..], &[1, 0], &records.concat()].concat()
    }

    #[test]
    fn names_and_bytes_of_attachments_are_read() {
        let bytes = packed(&[
            record(1, 0x0008_9006, &[0, 0, 1, 0]),
            record(2, RENDERING, &[0; 14]),
            record(2, TITLE, b"staff.csv\0"),
            record(2, DATA, b"a,b\n"),
            record(2, RENDERING, &[0; 14]),
            record(2, DATA, b"c,d\n"),
        ]);
        let files = files(&bytes).unwrap();
        let told: Vec<_> = files.iter().map(|file| (file.name.as_deref(), file.bytes)).collect();
        assert_eq!(told, [(Some("staff.csv"), &b"a,b\n"[..]), (None, b"c,d\n")]);
    }

    #[test]
    fn long_name_among_the_properties_comes_first() {
        let name: Vec<u8> = "März.csv\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u32::try_from(name.len()).unwrap();
        let mut properties = 2_u32.to_le_bytes().to_vec();
        properties.extend(0x3705_0003_u32.to_le_bytes());
        properties.extend(1_u32.to_le_bytes());
        properties.extend(0x3707_001F_u32.to_le_bytes());
        properties.extend(1_u32.to_le_bytes());
        properties.extend(length.to_le_bytes());
        properties.extend(&name);
        properties.extend(&[0, 0]);
        let bytes = packed(&[
            record(2, RENDERING, &[0; 14]),
            record(2, TITLE, b"MRZ~1.CSV\0"),
            record(2, PROPERTIES, &properties),
            record(2, DATA, b"a\n"),
        ]);
        assert_eq!(files(&bytes).unwrap()[0].name.as_deref(), Some("März.csv"));
    }

    #[test]
    fn damaged_ones_are_refused() {
        let whole = packed(&[record(2, RENDERING, &[0; 14]), record(2, DATA, b"a,b\n")]);
        for end in 7..whole.len() {
            let is_whole_record = end == 6 + 1 + 4 + 4 + 14 + 2;
            assert_eq!(files(&whole[..end]).is_some(), is_whole_record, "{end}");
        }
        let mut wrong = whole.clone();
        let last = wrong.len() - 3;
        wrong[last] ^= 1;
        assert_eq!(files(&wrong), None);
        let huge = [&SIGN[..], &[1, 0, 2, 0x0F, 0x80, 6, 0, 0xFF, 0xFF, 0xFF, 0xFF]].concat();
        assert_eq!(files(&huge), None);
        let many = packed(&vec![record(2, RENDERING, &[]); MOST + 1]);
        assert_eq!(files(&many), None);
    }
}
