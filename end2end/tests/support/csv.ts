/** A file as its cells; the first row holds the headings. */
export type Cells = string[][];

/** Reads a CSV file as a spreadsheet does: with or without the mark at the front, with quotation marks or without. */
export function read(text: string): Cells {
  const rows: Cells = [];
  let row: string[] = [];
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  const plain = text.replace(/^\uFEFF/, '');
  while (cells.lastIndex < plain.length) {
    const [, cell, end] = cells.exec(plain)!;
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** Writes cells as a spreadsheet saves them. */
export function write(cells: Cells): string {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return cells.map((row) => row.map(quoted).join(',') + '\n').join('');
}

/** A file's rows below the headings, each with its cells by heading. */
export function records([headings, ...rows]: Cells): Record<string, string>[] {
  return rows.map((row) => Object.fromEntries(headings.map((heading, place) => [heading, row[place] ?? ''])));
}

/** Records as cells again, with the headings of the first. */
export function cells(records: Record<string, string>[]): Cells {
  const headings = Object.keys(records[0]);
  return [headings, ...records.map((record) => headings.map((heading) => record[heading]))];
}
