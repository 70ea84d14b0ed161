// A table as CSV (RFC 4180), safe to open in a spreadsheet.

/**
 * Text that a spreadsheet could run as a formula gets an apostrophe before it: at its beginning, and after a semicolon, a
 * tab or a line break, where a spreadsheet that splits there begins a cell. Numbers stay numbers.
 */
const harmless = (text) =>
	text.replace(/(?<=^|[;\t\r\n])(?=["\s]*[=+\-@\uff0b\uff0d\uff1d\uff20])|^(?=[\t\r])/g, "'");

const cell = (value) => {
	if (value === null || value === undefined) return '';
	const text = typeof value === 'string' ? harmless(value) : String(value);
	return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * The rows as CSV text: a line of names, then a line per row, each ended by CR LF.
 *
 * toCsv([{ name: '=1+1', rate: -0.5 }], ['name', 'rate']) -> "name,rate\r\n'=1+1,-0.5\r\n"
 *
 * @param rows objects by column name
 * @param columns the names of the columns, in their order; all of the first row if none are named
 */
export const toCsv = (rows, columns = Object.keys(rows[0] ?? {})) =>
	[columns, ...rows.map((row) => columns.map((name) => row[name]))]
		.map((cells) => `${cells.map(cell).join(',')}\r\n`)
		.join('');
