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

export interface Snapshot {
	/** When the event was changed, for the changes that were told; of a series there are several that go on counting. */
	reportedAt: number[];
	/** Everything about the event but the answers, as a fingerprint; GONE for one that is off the calendar. */
	content: string;
	/** Letters of each attendee's fingerprint, each followed by the answer. */
	answers: string;
}

export const GONE = '-';

/** Letters of a fingerprint: of an event among hundreds, of a content among a few, of a person among a hundred. */
const HASH_LENGTH = { event: 9, content: 6, person: 3 };
/** Characters that the notes on one person may take. */
const MAX_CHARACTERS = 4000;
/** Times that are remembered of one series. */
const MAX_TIMES_PER_SERIES = 6;

const RESPONSE_LETTERS: Record<string, string> = { accepted: 'a', declined: 'd', tentative: 't' };
/** Nobody answers that there is no answer: it is what a new date does to the answers. */
export const NO_RESPONSE = 'n';

export const hashPerson = (id: string): string => hashText(id, HASH_LENGTH.person);

/** Not what it is: the time alone changes nothing, and answers are noted by themselves. */
const IGNORED_FIELDS = new Set(['updateTime', 'responseStatus']);

const hashContent = (event: ListedEvent): string =>
	hashText(
		JSON.stringify(event, (key, value: unknown) => (IGNORED_FIELDS.has(key) ? undefined : value)),
		HASH_LENGTH.content,
	);

const encodeResponses = ({ attendees = [] }: ListedEvent): string =>
	attendees
		.map(({ id = '', responseStatus = '' }) => hashPerson(id) + (RESPONSE_LETTERS[responseStatus] ?? NO_RESPONSE))
		.join('');

/** The answer of each person, by fingerprint. */
export function decodeResponses(text: string): Map<string, string> {
	const found = new Map<string, string>();
	for (let at = 0; at < text.length; at += HASH_LENGTH.person + 1) {
		found.set(text.slice(at, at + HASH_LENGTH.person), text.charAt(at + HASH_LENGTH.person));
	}
	return found;
}

export const createSnapshot = (event: ListedEvent, told: number[]): Snapshot =>
	event.status === 'cancelled'
		? { reportedAt: told, content: GONE, answers: '' }
		: { reportedAt: told, content: hashContent(event), answers: encodeResponses(event) };

const formatLine = (key: string, { reportedAt: told, content, answers }: Snapshot): string =>
	[key, told.map((at) => at.toString(36)).join('.'), content, answers].join(' ');

function parseLine(text: string): [string, Snapshot] {
	const [key = '', told = '', content = '', answers = ''] = text.split(' ');
	return [
		key,
		{
			reportedAt: told
				.split('.')
				.filter(Boolean)
				.map((at) => parseInt(at, 36)),
			content,
			answers,
		},
	];
}

export class Snapshots {
	private readonly snapshots: Map<string, Snapshot>;

	constructor(lines: readonly string[] = []) {
		this.snapshots = new Map(lines.map(parseLine));
	}

	read(id: string): Snapshot | undefined {
		return this.snapshots.get(hashText(id, HASH_LENGTH.event));
	}

	/** What was written last is forgotten last. */
	write(id: string, note: Snapshot): void {
		const key = hashText(id, HASH_LENGTH.event);
		this.snapshots.delete(key);
		this.snapshots.set(key, { ...note, reportedAt: note.reportedAt.slice(-MAX_TIMES_PER_SERIES) });
	}

	/** As it is stored. The oldest lines make room for the newest. */
	lines(): string[] {
		const all = [...this.snapshots].map(([key, note]) => formatLine(key, note));
		let characters = all.reduce((sum, text) => sum + text.length, 0);
		while (characters > MAX_CHARACTERS) characters -= all.shift()?.length ?? 0;
		return all;
	}
}
