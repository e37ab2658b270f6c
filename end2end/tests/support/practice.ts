import { readFileSync } from 'node:fs';

import { cells, read, records, write } from './csv';

const folder = new URL('../../../server/demo/demonstration/', import.meta.url);
const seeded = records(read(readFileSync(new URL('people.csv', folder), 'utf8'))).filter((person) => person.ODSCode === 'RIV');
const shipped = records(read(readFileSync(new URL('practice.csv', folder), 'utf8')));

type Row = Record<string, string>;

/** What keeps the copies of the file apart: newcomers' local IDs and surnames, and which accounts of the seeds are changed. */
interface Copy {
  newcomers: string;
  surname: string;
  accounts?: number;
}

const copies: Record<string, Copy> = {
  'desktop-js': { newcomers: '4', surname: '' },
  'desktop-no-js': { newcomers: '5', surname: '-Vale', accounts: 1044 },
  'only looked at': { newcomers: '6', surname: '-Moor' },
};

/**
 * The practice file: 50 rows, of which 5 have mistakes, 30 create, 12 update and 3 change nothing.
 *
 * All projects share one database, so each that applies the file gets a copy about people whom no other copy touches. The
 * browser with JavaScript gets the very file that the portal hands out.
 */
export function practice(copy: string) {
  const { newcomers, surname, accounts } = copies[copy];
  const known = shipped.filter((row) => row.LocalID.startsWith('1') && !isDisabled(row)).map((row) => row.LocalID);

  const newcomer = (row: Row): Row => ({
    ...row,
    LocalID: newcomers + row.LocalID.slice(1),
    LastName: row.LastName && row.LastName + surname,
  });
  // Another account in its place: what the file changes stays a change, what it repeats is repeated of the other account.
  const standIn = (row: Row): Row => {
    if (accounts === undefined) return row;
    const was = account(row.LocalID);
    const other = account(String(accounts + known.indexOf(row.LocalID)));
    const cell = (heading: string) => (row[heading] === was[heading] ? other[heading] : row[heading]);
    return Object.fromEntries(Object.keys(row).map((heading) => [heading, cell(heading)]));
  };
  const rows = shipped.map((row) => (isDisabled(row) ? row : row.LocalID.startsWith('4') ? newcomer(row) : standIn(row)));
  const place = (localId: string) => shipped.findIndex((row) => row.LocalID === localId);

  return {
    text: write(cells(rows)),
    headings: Object.keys(rows[0]),
    surname,
    /** The row that stands where the shipped file has this local ID. */
    row: (localId: string): Row => rows[place(localId)],
    /** Its number in a spreadsheet. */
    number: (localId: string): number => place(localId) + 2,
    /** The same row as the seeds have it. */
    before: (localId: string): Row => account(rows[place(localId)].LocalID),
  };
}

/** A problem file corrected as a person would: in the cells, leaving the column with the problems as it is. */
export function mend(problemFile: string, surname: string): string {
  const mended = records(read(problemFile)).map((row) => ({
    ...row,
    ODSCode: row.ODSCode.replace('RVI', 'RIV'),
    LastName: row.LastName || `Trevanion${surname}`,
    Mobile: row.Mobile.replace('01632', '07700'),
    ClinicalSpecialty: row.ClinicalSpecialty.replace('Cardiolgy', 'Cardiology'),
  }));
  return write(cells(mended));
}

function account(localId: string): Row {
  return seeded.find((person) => person.LocalID === localId)!;
}

function isDisabled(row: Row): boolean {
  return row.LocalID === '1041';
}
