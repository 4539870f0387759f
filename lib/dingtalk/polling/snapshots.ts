/**
 * What is known of one person's events: so much that a change can be told from a repetition, and an answer from any other
 * change. A line for each event; n8n stores them all each time something is emitted, so they are short and few.
 */
import { hashText } from '../utils/hash';

export interface CalendarPerson {
	id?: string;
	displayName?: string;
	responseStatus?: string;
}

/** What the lists of DingTalk tell of an event. */
export interface ListedEvent {
	id?: string;
	status?: string;
	seriesMasterId?: string;
	createTime?: string;
	updateTime?: string;
	start?: { date?: string; dateTime?: string };
	end?: { date?: string; dateTime?: string };
	attendees?: CalendarPerson[];
	[part: string]: unknown;
}

export interface Note {
	/** When the event was changed, for the changes that were told; of a series there are several that go on counting. */
	told: number[];
	/** Everything about the event but the answers, as a fingerprint; GONE for one that is off the calendar. */
	content: string;
	/** Letters of each attendee's fingerprint, each followed by the answer. */
	answers: string;
}

export const GONE = '-';

/** Letters of a fingerprint: of an event among hundreds, of a content among a few, of a person among a hundred. */
const LETTERS = { event: 9, content: 6, person: 3 };
/** Characters that the notes on one person may take. */
const ROOM = 4000;
/** Times that are remembered of one series. */
const MOST_TIMES = 6;

const ANSWERS: Record<string, string> = { accepted: 'a', declined: 'd', tentative: 't' };
/** Nobody answers that there is no answer: it is what a new date does to the answers. */
export const NO_ANSWER = 'n';

export const personPrint = (id: string): string => hashText(id, LETTERS.person);

/** Not what it is: the time alone changes nothing, and answers are noted by themselves. */
const NOT_CONTENT = new Set(['updateTime', 'responseStatus']);

const contentOf = (event: ListedEvent): string =>
	hashText(
		JSON.stringify(event, (key, value: unknown) => (NOT_CONTENT.has(key) ? undefined : value)),
		LETTERS.content,
	);

const answersOf = ({ attendees = [] }: ListedEvent): string =>
	attendees
		.map(({ id = '', responseStatus = '' }) => personPrint(id) + (ANSWERS[responseStatus] ?? NO_ANSWER))
		.join('');

/** The answer of each person, by fingerprint. */
export function answersIn(text: string): Map<string, string> {
	const found = new Map<string, string>();
	for (let at = 0; at < text.length; at += LETTERS.person + 1) {
		found.set(text.slice(at, at + LETTERS.person), text.charAt(at + LETTERS.person));
	}
	return found;
}

export const noteOf = (event: ListedEvent, told: number[]): Note =>
	event.status === 'cancelled'
		? { told, content: GONE, answers: '' }
		: { told, content: contentOf(event), answers: answersOf(event) };

const line = (key: string, { told, content, answers }: Note): string =>
	[key, told.map((at) => at.toString(36)).join('.'), content, answers].join(' ');

function noteIn(text: string): [string, Note] {
	const [key = '', told = '', content = '', answers = ''] = text.split(' ');
	return [
		key,
		{
			told: told
				.split('.')
				.filter(Boolean)
				.map((at) => parseInt(at, 36)),
			content,
			answers,
		},
	];
}

export class Notebook {
	private readonly notes: Map<string, Note>;

	constructor(lines: readonly string[] = []) {
		this.notes = new Map(lines.map(noteIn));
	}

	read(id: string): Note | undefined {
		return this.notes.get(hashText(id, LETTERS.event));
	}

	/** What was written last is forgotten last. */
	write(id: string, note: Note): void {
		const key = hashText(id, LETTERS.event);
		this.notes.delete(key);
		this.notes.set(key, { ...note, told: note.told.slice(-MOST_TIMES) });
	}

	/** As it is stored. The oldest lines make room for the newest. */
	lines(): string[] {
		const all = [...this.notes].map(([key, note]) => line(key, note));
		let characters = all.reduce((sum, text) => sum + text.length, 0);
		while (characters > ROOM) characters -= all.shift()?.length ?? 0;
		return all;
	}
}
