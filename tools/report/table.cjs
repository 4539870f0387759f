/** How the demo and `npm run try` print what a workflow did: an item in a few words, rows in columns. */

/** What a person would recognize an item by, and what came of it. */
const TELLING = ['summary', 'name', 'title', 'text', 'start', 'action', 'reason', 'outcome', 'explanation', 'status'];

/** One line about an item. */
function describeItem(json = {}) {
	const telling = TELLING.filter((key) => ['string', 'number'].includes(typeof json[key]) && json[key] !== '');
	if (telling.length > 0)
		return telling
			.slice(0, 3)
			.map((key) => json[key])
			.join(' · ');
	return Object.entries(json)
		.filter(([key, value]) => !/^(id|key)$|Ids?$/.test(key) && (Array.isArray(value) || typeof value !== 'object'))
		.slice(0, 3)
		.map(([key, value]) => `${inWords(key)}: ${Array.isArray(value) ? value.length : value}`)
		.join(' · ');
}

/** `waitingForApproval` as "waiting for approval". */
const inWords = (key) => key.replaceAll(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;

/** How wide a text is on a terminal: Chinese characters take two places. */
const width = (text) => [...text].reduce((sum, char) => sum + (WIDE.test(char) ? 2 : 1), 0);

function cut(text, most) {
	let kept = '';
	for (const char of text) {
		if (width(kept + char) > most - 1) return `${kept}…`;
		kept += char;
	}
	return kept;
}

/** Lines in which the cells of a column begin at the same place. */
function columns(rows, most = 60) {
	const cells = rows.map((row) => row.map((cell) => cut(String(cell ?? '').replaceAll(/\s+/g, ' '), most)));
	const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => width(row[column]))));
	return cells.map((row) =>
		`  ${row.map((cell, column) => cell + ' '.repeat(widths[column] - width(cell))).join('  ')}`.trimEnd(),
	);
}

function table(heads, rows, most = 60) {
	const [head, ...body] = columns([heads, ...rows], most);
	const rule = Math.max(...[head, ...body].map((line) => width(line)));
	return [head, `  ${'─'.repeat(rule - 2)}`, ...body].join('\n');
}

module.exports = { describeItem, columns, table };
