//! Excel workbooks (`.xlsx`), sheet by sheet and cell by cell: each as the text that the sheet shows.
//!
//! Read here and not by calamine, which tells either a cell's format or its formula, does not tell which rows are hidden, and
//! gives up a workbook for an error that it does not know.

mod cells;
mod package;
mod styles;
mod texts;

use domain::{
    layout::{Part, ReadAs},
    problem::Problem,
};
use quick_xml::events::Event;

use self::{
    cells::{Known, Until},
    package::Package,
};
use super::{
    headings::{Heads, Looks},
    lines::{Lines, Merge},
    moment::Epoch,
    sheet_text::{MOST_TRIED, SheetText, likeliest},
    xml::{attribute, broken},
};
use crate::{limits::Limits, structure::Names};

/// Sheets that a workbook may have.
const MOST_SHEETS: usize = 500;

/// The sheet that is wanted, or whichever has headings.
pub(super) fn read(bytes: &[u8], limits: &Limits, known: &Names, part: &Part) -> Result<SheetText, Problem> {
    let mut book = Book::open(bytes)?;
    let names = book.names();
    let (place, mut heads) = book.chosen(limits, known, part).ok_or_else(broken)?;
    let headings = heads.row_or(part);
    let (mut lines, mut merges) = book.lines(place, Lines::new(limits, headings))?;
    // A title over several columns says nothing of the rows.
    merges.retain(|merge| merge.first.0 > headings || merge.is_tall());
    if !merges.is_empty() {
        // Which cells are merged is said behind them all, so they are gone through again.
        merges.sort_unstable_by_key(|merge| merge.first);
        merges.iter().for_each(|merge| lines.merge(*merge));
        heads = lines.heads(known)?;
        let mut again = Lines::new(limits, heads.row_or(part));
        merges.into_iter().for_each(|merge| again.merge(merge));
        (lines, _) = book.lines(place, again)?;
    }
    let read_as = ReadAs::Excel {
        sheet: names[place].clone(),
        is_only: names.len() == 1,
    };
    Ok(SheetText::of(lines.finish()?, read_as, heads, part))
}

/// The names of the sheets that are shown.
pub(super) fn sheet_names(bytes: &[u8]) -> Result<Vec<String>, Problem> {
    Ok(Book::open(bytes)?.names())
}

/// A workbook that is open.
struct Book<'b> {
    package: Package<'b>,
    known: Known,
    /// The sheets of cells that are shown, in their order.
    sheets: Vec<Sheet>,
}

struct Sheet {
    name: String,
    /// The name of its file.
    file: String,
}

impl<'b> Book<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, Problem> {
        let mut package = Package::open(bytes)?;
        let roots = package.relations("")?;
        let main = roots.into_iter().find(|relation| relation.kind == "officeDocument");
        let main = main.map(|main| main.target).filter(|main| package.has(main));
        let main = main.unwrap_or_else(|| "xl/workbook.xml".to_owned());
        let relations = package.relations(&main)?;
        // Some programs do not say where these are, because every other one puts them there.
        let file = |kind: &str, usual: &str| {
            let said = relations.iter().find(|relation| relation.kind == kind);
            said.map_or_else(|| usual.to_owned(), |relation| relation.target.clone())
        };
        let mut known = Known::default();
        let (texts, styles) = (
            file("sharedStrings", "xl/sharedStrings.xml"),
            file("styles", "xl/styles.xml"),
        );
        if package.has(&texts) {
            known.texts = texts::shared(&mut package.xml(&texts)?)?;
        }
        if package.has(&styles) {
            known.formats = styles::formats(&mut package.xml(&styles)?)?;
        }
        let mut sheets = Vec::new();
        for said in listed(&mut package, &main, &mut known.epoch)? {
            let relation = relations
                .iter()
                .find(|relation| relation.id == said.id && relation.kind == "worksheet");
            let Some(file) = relation.map(|relation| relation.target.clone()) else {
                continue;
            };
            let is_new = sheets.iter().all(|sheet: &Sheet| sheet.file != file);
            // What is called a sheet of cells may yet be one of a chart or of macros.
            if said.is_shown && is_new && package.has(&file) && package.root(&file)? == "worksheet" {
                sheets.push(Sheet { name: said.name, file });
            }
        }
        Ok(Self { package, known, sheets })
    }

    fn names(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    /// Which sheet is read, and what its first rows say: the one that was asked for, else the likeliest.
    fn chosen(&mut self, limits: &Limits, known: &Names, part: &Part) -> Option<(usize, Heads)> {
        let asked = part.sheet.as_ref();
        let asked = asked.and_then(|asked| self.sheets.iter().position(|sheet| sheet.name == *asked));
        let mut heads = Vec::new();
        for place in asked.map_or(0..self.sheets.len().min(MOST_TRIED), |asked| asked..asked + 1) {
            // What is wrong with a sheet is told where that sheet is read.
            let found = self.heads(place, limits, known).unwrap_or_default();
            heads.push((place, found));
            if found.looks == Looks::Known {
                break;
            }
        }
        likeliest(heads)
    }

    /// What the first rows of a sheet say.
    fn heads(&mut self, place: usize, limits: &Limits, known: &Names) -> Result<Heads, Problem> {
        let mut lines = Lines::new(limits, 0);
        let mut xml = self.package.xml(&self.sheets[place].file)?;
        cells::read(&mut xml, &self.known, &mut lines, Until::Firsts)?;
        lines.heads(known)
    }

    /// A sheet's cells, and which of them are merged.
    fn lines(&mut self, place: usize, mut lines: Lines) -> Result<(Lines, Vec<Merge>), Problem> {
        let mut xml = self.package.xml(&self.sheets[place].file)?;
        let merges = cells::read(&mut xml, &self.known, &mut lines, Until::End)?;
        Ok((lines, merges))
    }
}

/// A sheet as the workbook lists it.
struct Said {
    id: String,
    name: String,
    is_shown: bool,
}

/// The sheets that a workbook lists, and from which day it counts.
fn listed(package: &mut Package<'_>, main: &str, epoch: &mut Epoch) -> Result<Vec<Said>, Problem> {
    let mut xml = package.xml(main)?;
    let mut buffer = Vec::new();
    let mut sheets = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) => match element.local_name().as_ref() {
                "workbookPr" => {
                    if matches!(attribute(&element, "date1904")?.as_deref(), Some("1" | "true")) {
                        *epoch = Epoch::Of1904;
                    }
                }
                "sheet" if sheets.len() < MOST_SHEETS => {
                    let state = attribute(&element, "state")?;
                    sheets.push(Said {
                        id: attribute(&element, "id")?.unwrap_or_default(),
                        name: attribute(&element, "name")?.unwrap_or_default(),
                        is_shown: !matches!(state.as_deref(), Some("hidden" | "veryHidden")),
                    });
                }
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}
