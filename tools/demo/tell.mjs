/** What somebody sees who waits: each step with its name, how long it has taken so far, and at last. */

const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

/** `more` is asked for what else there is to tell while the step goes on. */
export async function step(label, work, more = () => '') {
	const start = Date.now();
	const line = () => `  … ${[label, seconds(start), more()].filter(Boolean).join(' · ')}`;
	const inPlace = process.stdout.isTTY === true;
	if (!inPlace) console.log(`  … ${label}`);
	const timer = setInterval(
		() => (inPlace ? process.stdout.write(`\r\x1b[K${line()}`) : console.log(line())),
		inPlace ? 1000 : 30_000,
	);
	try {
		const result = await work();
		console.log(`${inPlace ? '\r\x1b[K' : ''}  ✓ ${label} (${seconds(start)})`);
		return result;
	} catch (error) {
		console.log(`${inPlace ? '\r\x1b[K' : ''}  ✗ ${label} (${seconds(start)})`);
		throw error;
	} finally {
		clearInterval(timer);
	}
}

/** How wide a text stands on a terminal: Chinese characters take two places. */
const width = (text) =>
	[...text].reduce(
		(sum, char) =>
			sum +
			(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u.test(char)
				? 2
				: 1),
		0,
	);

const cut = (text, most) => {
	let kept = '';
	for (const char of text) {
		if (width(kept + char) > most - 1) return `${kept}…`;
		kept += char;
	}
	return kept;
};

export function table(heads, rows, most = 60) {
	const cells = [heads, ...rows].map((row) => row.map((cell) => cut(String(cell ?? '').replaceAll(/\s+/g, ' '), most)));
	const widths = heads.map((_, column) => Math.max(...cells.map((row) => width(row[column]))));
	const print = (row) =>
		`  ${row.map((cell, column) => cell + ' '.repeat(widths[column] - width(cell))).join('  ')}`.trimEnd();
	const [head, ...body] = cells.map(print);
	return [head, `  ${widths.map((size) => '─'.repeat(size)).join('  ')}`, ...body].join('\n');
}
