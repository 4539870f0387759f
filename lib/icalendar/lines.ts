/** Parses and serializes the components and content lines of iCalendar files (RFC 5545). */
import { t } from '../locale/t';

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

/** A component as it stands in a file, which may be damaged. */
export interface ParsedComponent extends Component {
	children: ParsedComponent[];
	/** Lines that are no content lines. */
	unreadable: string[];
	/** Whether it or a part of it was closed by what follows, or a part ends in it that never began. */
	isIncomplete: boolean;
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

/** Parameters are names and addresses. What matches millions of them overflows the stack. */
const MAX_PARAMETER_LENGTH = 50_000;

function parseLine(text: string): ContentLine | undefined {
	const beginning = text.slice(0, MAX_PARAMETER_LENGTH);
	const name = /^[\w-]+/.exec(beginning)?.[0];
	if (!name) return undefined;
	const params = Object.create(null) as Record<string, string>;
	PARAMETER.lastIndex = name.length;
	let end = name.length;
	for (let match = PARAMETER.exec(beginning); match; match = PARAMETER.exec(beginning)) {
		params[match[1].toUpperCase()] = unquoteParameter(match[2]);
		end = PARAMETER.lastIndex;
	}
	return text[end] === ':' ? { name: name.toUpperCase(), params, value: text.slice(end + 1) } : undefined;
}

/** Lines that are parsed before other work gets a turn. */
const LINES_PER_STEP = 2000;

const LONE_CARRIAGE_RETURN = /\r(?!\n)/;

const isFold = (code: number): boolean => code === 0x20 || code === 0x09;

/** Reads one unfolded line after the other, so that no step of a large file takes long. */
function createLineReader(file: string): () => string | undefined {
	const text = LONE_CARRIAGE_RETURN.test(file) ? file.replace(/\r\n?/g, '\n') : file;
	let position = text.startsWith('\uFEFF') ? 1 : 0;
	const readRaw = (): string => {
		const found = text.indexOf('\n', position);
		const end = found < 0 ? text.length : found;
		const raw = text.slice(position, text[end - 1] === '\r' && end > position ? end - 1 : end);
		position = end + 1;
		return raw;
	};
	return () => {
		if (position > text.length) return undefined;
		let line = readRaw();
		while (isFold(text.charCodeAt(position))) line += readRaw().slice(1);
		return line;
	};
}

const newComponent = (name: string): ParsedComponent => ({
	name,
	lines: [],
	children: [],
	unreadable: [],
	isIncomplete: false,
});

/** An alarm in an event in a calendar is three levels deep, so this is no calendar of anyone's, and searching it takes long. */
const MAX_DEPTH = 50;

/** The components that are open at a line, outermost first. */
class OpenComponents {
	readonly root = newComponent('');
	private readonly open = [this.root];

	get innermost(): ParsedComponent {
		return this.open[this.open.length - 1];
	}

	begin(name: string): void {
		// An event contains no other: the one that is open lacks its end.
		if (name === 'VEVENT') this.closeEvent();
		if (this.open.length > MAX_DEPTH)
			throw new InvalidCalendarError(t`it nests more than ${MAX_DEPTH} components in one another`);
		const component = newComponent(name);
		this.innermost.children.push(component);
		this.open.push(component);
	}

	end(name: string): void {
		const position = this.open.map((component) => component.name).lastIndexOf(name);
		const event = this.eventPosition;
		if (position > 0 && (event < 0 || position >= event || name === 'VCALENDAR')) {
			this.closeFrom(position);
		} else if (event > 0) {
			// One bad event must not spoil the others.
			this.open[event].isIncomplete = true;
		} else {
			throw new InvalidCalendarError(t`END:${name} has no matching BEGIN`);
		}
	}

	private get eventPosition(): number {
		return this.open.findIndex(({ name }) => name === 'VEVENT');
	}

	private closeEvent(): void {
		const event = this.eventPosition;
		if (event < 0) return;
		this.open[event].isIncomplete = true;
		this.open.length = event;
	}

	/** Closes the component there and, where they lack their ends, those within it. */
	private closeFrom(position: number): void {
		const event = this.eventPosition;
		if (event >= 0 && position < this.open.length - 1) this.open[event].isIncomplete = true;
		else if (position < this.open.length - 1) throw new InvalidCalendarError(t`${this.innermost.name} has no END`);
		this.open.length = position;
	}
}

/**
 * Notes unreadable lines and keeps events that are not closed properly, because they need not spoil the others; outside of
 * events every component must be closed. A generator, so that a large file can be parsed step by step.
 */
export function* parseComponents(text: string): Generator<void, ParsedComponent> {
	const components = new OpenComponents();
	const readLine = createLineReader(text);
	let parsed = 0;
	for (let raw = readLine(); raw !== undefined; raw = readLine()) {
		if (++parsed % LINES_PER_STEP === 0) yield;
		const line = parseLine(raw);
		const { innermost } = components;
		if (!line) {
			if (raw.trim() !== '') innermost.unreadable.push(raw);
		} else if (line.name === 'BEGIN') components.begin(line.value.trim().toUpperCase());
		else if (line.name === 'END') components.end(line.value.trim().toUpperCase());
		else innermost.lines.push(line);
	}
	if (components.innermost !== components.root) {
		const [{ name }] = components.root.children.slice(-1);
		throw new InvalidCalendarError(t`${name} has no END; the file is incomplete`);
	}
	return components.root;
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
