/**
 * Snapshots of one person's events, with just enough detail to tell a change from a repetition and a response from any
 * other change. One line per event; n8n saves all of them with every execution, so they are kept short and few.
 */
import { hashText } from '../utils/hash';

export interface ListedAttendee {
	id?: string;
	displayName?: string;
	responseStatus?: string;
}

/** An event as DingTalk's lists return it. */
export interface ListedEvent {
	id?: string;
	status?: string;
	seriesMasterId?: string;
	createTime?: string;
	updateTime?: string;
	start?: { date?: string; dateTime?: string };
	end?: { date?: string; dateTime?: string };
	attendees?: ListedAttendee[];
	[part: string]: unknown;
}

export interface Snapshot {
	/** Times of the changes that were reported; a series has several that still matter. */
	reportedAt: number[];
	/** Hash of the event without its responses, or REMOVED if it is no longer on the calendar. */
	contentHash: string;
	/** For each attendee a short hash, followed by one letter for the response. */
	responses: string;
}

export const REMOVED = '-';

/** Characters of a hash: enough for hundreds of events, a few contents each, and a hundred people. */
const HASH_LENGTH = { event: 9, content: 6, person: 3 };
/** What the snapshots of one person may take up in total. */
const MAX_CHARACTERS = 4000;
/** Reported times that are kept for one series. */
const MAX_TIMES_PER_SERIES = 6;

const RESPONSE_LETTERS: Record<string, string> = { accepted: 'a', declined: 'd', tentative: 't' };
/** Also what a response becomes when the event moves: DingTalk resets it. */
export const NO_RESPONSE = 'n';

export const hashPerson = (id: string): string => hashText(id, HASH_LENGTH.person);

/** Left out of the content hash: a new time alone is no change, and responses are stored separately. */
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

/** The response letter of each person, by the person's hash. */
export function decodeResponses(text: string): Map<string, string> {
	const responses = new Map<string, string>();
	for (let at = 0; at < text.length; at += HASH_LENGTH.person + 1) {
		responses.set(text.slice(at, at + HASH_LENGTH.person), text.charAt(at + HASH_LENGTH.person));
	}
	return responses;
}

export const createSnapshot = (event: ListedEvent, reportedAt: number[]): Snapshot =>
	event.status === 'cancelled'
		? { reportedAt, contentHash: REMOVED, responses: '' }
		: { reportedAt, contentHash: hashContent(event), responses: encodeResponses(event) };

const formatLine = (key: string, { reportedAt, contentHash, responses }: Snapshot): string =>
	[key, reportedAt.map((at) => at.toString(36)).join('.'), contentHash, responses].join(' ');

function parseLine(line: string): [string, Snapshot] {
	const [key = '', times = '', contentHash = '', responses = ''] = line.split(' ');
	const reportedAt = times
		.split('.')
		.filter(Boolean)
		.map((at) => parseInt(at, 36));
	return [key, { reportedAt, contentHash, responses }];
}

export class Snapshots {
	private readonly byEvent: Map<string, Snapshot>;

	constructor(lines: readonly string[] = []) {
		this.byEvent = new Map(lines.map(parseLine));
	}

	get(id: string): Snapshot | undefined {
		return this.byEvent.get(hashText(id, HASH_LENGTH.event));
	}

	/** The snapshot that was set last is dropped last. */
	set(id: string, snapshot: Snapshot): void {
		const key = hashText(id, HASH_LENGTH.event);
		this.byEvent.delete(key);
		this.byEvent.set(key, { ...snapshot, reportedAt: snapshot.reportedAt.slice(-MAX_TIMES_PER_SERIES) });
	}

	/** The lines to store. The oldest are dropped to make room for the newest. */
	toLines(): string[] {
		const lines = [...this.byEvent].map(([key, snapshot]) => formatLine(key, snapshot));
		let characters = lines.reduce((sum, line) => sum + line.length, 0);
		while (characters > MAX_CHARACTERS) characters -= lines.shift()?.length ?? 0;
		return lines;
	}
}
