/** Parses and serializes the components and content lines of iCalendar files (RFC 5545). */

export interface ContentLine {
	name: string;
	params: Record<string, string>;
	value: string;
}

export interface Component {
	name: string;
	lines: ContentLine[];
	children: Component[];
}

/** The text is not a valid calendar file. */
export class InvalidCalendarError extends Error {}

const MAX_LINE_BYTES = 75;

/** Folds a line at 75 bytes, never inside a character. */
export function foldLine(line: string): string {
	const parts: string[] = [];
	let part = '';
	let bytes = 0;
	for (const character of line) {
		const size = Buffer.byteLength(character, 'utf8');
		if (bytes + size > MAX_LINE_BYTES) {
			parts.push(part);
			part = ' ';
			bytes = 1;
		}
		part += character;
		bytes += size;
	}
	return [...parts, part].join('\r\n');
}

/** Escapes a text value; control characters other than line breaks and tabs are not allowed and are removed. */
export const escapeText = (text: string): string =>
	[...text.replace(/\r\n?/g, '\n')]
		.filter((character) => character === '\n' || character === '\t' || character >= ' ')
		.join('')
		.replace(/[\\;,]/g, (sign) => `\\${sign}`)
		.replace(/\n/g, '\\n');

export const unescapeText = (text: string): string =>
	text.replace(/\\([\\;,nN])/g, (_, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign));

/** Quotes a parameter value; signs that it cannot contain are written as RFC 6868 says. */
export const quoteParameter = (text: string): string =>
	`"${text.replace(/\^/g, '^^').replace(/"/g, "^'").replace(/\s+/g, ' ')}"`;

const CARET_CODES: Record<string, string> = { "'": '"', '^': '^', n: '\n' };

const unquoteParameter = (text: string): string =>
	text.replace(/"/g, '').replace(/\^(['^n])/g, (_, sign: string) => CARET_CODES[sign]);

const PARAMETER = /;([\w-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/y;

function parseLine(text: string): ContentLine | undefined {
	const name = /^[\w-]+/.exec(text)?.[0];
	if (!name) return undefined;
	const params = Object.create(null) as Record<string, string>;
	PARAMETER.lastIndex = name.length;
	let end = name.length;
	for (let match = PARAMETER.exec(text); match; match = PARAMETER.exec(text)) {
		params[match[1].toUpperCase()] = unquoteParameter(match[2]);
		end = PARAMETER.lastIndex;
	}
	return text[end] === ':' ? { name: name.toUpperCase(), params, value: text.slice(end + 1) } : undefined;
}

/** Lines that are parsed before other work gets a turn. */
const LINES_PER_STEP = 2000;

/**
 * Ignores unreadable lines, as other calendars do, but every component must be closed. A generator, so that a large file can be
 * parsed step by step.
 */
export function* parseComponents(text: string): Generator<void, Component> {
	const root: Component = { name: '', lines: [], children: [] };
	const open = [root];
	const unfolded = text
		.replace(/^\uFEFF/, '')
		.replace(/\r\n?/g, '\n')
		.replace(/\n[ \t]/g, '');
	let parsed = 0;
	for (const raw of unfolded.split('\n')) {
		if (++parsed % LINES_PER_STEP === 0) yield;
		const line = parseLine(raw);
		if (!line) continue;
		if (line.name === 'BEGIN') {
			const component: Component = { name: line.value.trim().toUpperCase(), lines: [], children: [] };
			open[open.length - 1].children.push(component);
			open.push(component);
		} else if (line.name === 'END') {
			const componentName = line.value.trim().toUpperCase();
			if (open.pop()?.name !== componentName || open.length === 0)
				throw new InvalidCalendarError(`END:${componentName} has no matching BEGIN`);
		} else {
			open[open.length - 1].lines.push(line);
		}
	}
	if (open.length > 1)
		throw new InvalidCalendarError(`${open[open.length - 1].name} has no END; the file is incomplete`);
	return root;
}

export const createLine = (name: string, value: string, params: Record<string, string> = {}): ContentLine => ({
	name,
	params,
	value,
});

export const findLine = ({ lines }: Component, name: string): ContentLine | undefined =>
	lines.find((line) => line.name === name);

export const readText = (component: Component, name: string): string =>
	unescapeText(findLine(component, name)?.value ?? '');

/** A line break in an ID or an address must not begin a line of its own. */
const removeControls = (line: string): string =>
	[...line].filter((character) => character >= ' ' || character === '\t').join('');

export function serialize({ name, lines, children }: Component): string[] {
	const contentLines = lines.map(({ name: property, params, value }) => {
		const parameters = Object.entries(params).map(([key, parameterValue]) => `;${key}=${parameterValue}`);
		return foldLine(removeControls(`${property}${parameters.join('')}:${value}`));
	});
	return [`BEGIN:${name}`, ...contentLines, ...children.flatMap(serialize), `END:${name}`];
}
