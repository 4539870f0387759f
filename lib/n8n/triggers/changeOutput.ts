/** A change as it comes out: the event in the shape the user chose, and under `change` what happened to it. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { apiDateTime } from '../../dingtalk/utils/timestamps';
import { readEventOutput, type ApiEvent } from '../fields/eventOutput';
import { formatPerson } from '../fields/people';
import type { Item } from '../ItemContext';
import type { Differences, EventState } from './changeStore';

/**
 * `fetched`: read after the change. `notAsked`: the user wants none. `gone`: DingTalk no longer shows the event.
 * `failed`: they could not be read, `problem` says why.
 */
export type Details = 'fetched' | 'notAsked' | 'gone' | 'failed';

/** What is known of one change, whoever found it out. */
export interface ReportedChange {
	kind: string;
	eventId: string;
	/** Milliseconds. */
	at: number;
	unionIds: string[];
	/** The same for every delivery of the change. */
	key: string;
	details: Details;
	event?: ApiEvent;
	problem?: string;
	operator?: string;
	differences?: Differences;
	/** From before, where the event is gone. */
	lastKnown?: EventState;
	/** As DingTalk sent it; shown in raw output. */
	push?: Record<string, unknown>;
	sample?: boolean;
	/** What only one of the triggers finds out. */
	extraFields?: IDataObject;
}

/** IDs with the names that the event itself brings along. */
function formatPeople(unionIds: string[], event: ApiEvent = {}): string[] {
	const { organizer, attendees = [] } = event as {
		organizer?: { id?: string; displayName?: string };
		attendees?: Array<{ id?: string; displayName?: string }>;
	};
	const people = [...attendees, ...(organizer ? [organizer] : [])];
	return unionIds.map((id) => formatPerson({ id, displayName: people.find((one) => one.id === id)?.displayName }));
}

const definedOnly = (data: IDataObject): IDataObject =>
	Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));

/** Reads the choice now, so that a wrong one is refused when the workflow is activated. */
export function readChangeOutput(item: Item): (told: ReportedChange) => IDataObject {
	const show = readEventOutput(item);
	const isRaw = item.value('output') === 'raw';
	const { zone } = item;
	return ({ kind, eventId, at, unionIds, key, details, event, ...more }) => {
		const change = definedOnly({
			kind,
			at: apiDateTime(DateTime.fromMillis(at, { zone })),
			people: formatPeople(unionIds, event),
			...more.extraFields,
			details,
			problem: more.problem,
			differences: more.differences,
			lastKnown: more.lastKnown,
			operator: more.operator,
			key,
			sample: more.sample,
			push: isRaw ? (more.push as IDataObject | undefined) : undefined,
		});
		return { ...(event ? show(event) : { id: eventId }), change };
	};
}
