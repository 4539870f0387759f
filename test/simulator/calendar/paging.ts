/** Page tokens, sync tokens and page sizes of list calls. */
import { invalidParameter } from '../contract';
import { isFields } from '../fields';
import type { Switches } from '../switches';
import type { World } from '../world';
import type { EventView } from './model';
import { queryNumber } from './read';
import { CalendarStore } from './calendarStore';

/** A point in the history of the calendar: the last change and the time. */
export interface HistoryPoint {
	seq: number;
	at: number;
}

interface Position {
	startMs: number;
	id: string;
}

/** The content of a page token. It keeps the filters of the first page, so that all pages come from the same list. */
export interface PageToken {
	kind: 'page';
	call: string;
	filters: Record<string, string>;
	page: number;
	until: HistoryPoint;
	after?: Position;
}

export interface SyncToken {
	kind: 'sync';
	mark: HistoryPoint;
}

const DAY_MS = 24 * 3_600_000;

const NOT_FILTERS = ['nextToken', 'maxResults', 'maxAttendees'];

/** Tokens are opaque; a token of another user, of another call or from before a reset is refused. */
export function encodeToken(token: PageToken | SyncToken, unionId: string, world: World): string {
	const { epoch } = world.use(CalendarStore);
	return Buffer.from(JSON.stringify({ ...token, epoch, unionId })).toString('base64url');
}

function decodeToken<T extends PageToken | SyncToken>(text: string, kind: T['kind'], unionId: string, world: World): T {
	const label = kind === 'page' ? 'nextToken' : 'syncToken';
	let token: unknown;
	try {
		token = JSON.parse(Buffer.from(text, 'base64url').toString());
	} catch {
		throw invalidParameter(`${label} invalid`);
	}
	const { epoch } = world.use(CalendarStore);
	if (!isFields(token) || token.kind !== kind || token.epoch !== epoch || token.unionId !== unionId) {
		throw invalidParameter(`${label} invalid`);
	}
	return token as unknown as T;
}

export function decodeSyncToken(text: string, unionId: string, world: World): HistoryPoint {
	const { mark } = decodeToken<SyncToken>(text, 'sync', unionId, world);
	if (world.switches.syncTokenLifetime === 'sevenDays' && world.clock.now() - mark.at > 7 * DAY_MS) {
		throw invalidParameter('syncToken invalid');
	}
	return mark;
}

/** Returns the requested page: the one of the token, or the first one. */
export function startPage(call: string, query: Record<string, string>, unionId: string, world: World): PageToken {
	if (query.nextToken) {
		const token = decodeToken<PageToken>(query.nextToken, 'page', unionId, world);
		if (token.call !== call) throw invalidParameter('nextToken invalid');
		return token;
	}
	const filters = Object.fromEntries(Object.entries(query).filter(([name]) => !NOT_FILTERS.includes(name)));
	const until = { seq: world.use(CalendarStore).currentSeq, at: world.clock.now() };
	return { kind: 'page', call, filters, page: 0, until };
}

export function pageSize(
	query: Record<string, string>,
	name: 'maxResults' | 'maxAttendees',
	max: number,
	world: World,
	fallback = 100,
): number {
	const size = queryNumber(query, name) ?? fallback;
	if (name === 'maxResults' && size < 1) throw invalidParameter(`${name} must be at least 1`);
	if (size <= max) return size;
	if (world.switches.oversizedPage === 'clamp') return max;
	throw invalidParameter(`${name} must not be more than ${max}`);
}

const comparePositions = (a: Position, b: Position): number =>
	a.startMs - b.startMs || (a.id < b.id ? -1 : Number(a.id > b.id));
const positionOf = (view: EventView): Position => ({ startMs: view.details.span.startMs, id: view.id });

/** Page sizes are hints: depending on the switch, some pages are empty and some half full. */
function actualSize(size: number, page: number, emptyPages: Switches['emptyPages']): number {
	if (emptyPages === 'never') return size;
	if (page % 3 === 1) return 0;
	return page % 3 === 2 ? Math.ceil(size / 2) : size;
}

export interface Page {
	views: EventView[];
	/** Undefined on the last page. */
	next?: PageToken;
}

/** A page continues after the last event of the previous one, so that changes in between do not shift pages. */
export function cutPage(all: EventView[], token: PageToken, size: number, world: World): Page {
	const { after } = token;
	const rest = all
		.filter((view) => after === undefined || comparePositions(positionOf(view), after) > 0)
		.sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
	const count = actualSize(size, token.page, world.switches.emptyPages);
	const views = rest.slice(0, count);
	if (views.length === rest.length) return { views };
	const last = views[views.length - 1];
	return { views, next: { ...token, page: token.page + 1, after: last ? positionOf(last) : after } };
}

/** The next token of a page; how the last page is marked depends on the switch. */
export function nextTokenPart(nextToken: string | undefined, world: World): { nextToken?: string | null } {
	if (nextToken !== undefined) return { nextToken };
	if (world.switches.lastPageToken === 'absent') return {};
	return { nextToken: world.switches.lastPageToken === 'null' ? null : '' };
}
