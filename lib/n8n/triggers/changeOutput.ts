/** Builds the output of a change: the event in the shape that 'Output' selects and, under `change`, what happened to it. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { apiDateTime } from '../../dingtalk/utils/timestamps';
import { readEventOutput, type ApiEvent } from '../fields/eventOutput';
import { formatPerson } from '../fields/people';
import type { Item } from '../ItemContext';
import type { Differences, EventState } from './changeStore';

/**
 * `fetched`: read after the change. `notAsked`: turned off by the user. `gone`: DingTalk no longer returns the event.
 * `failed`: could not be read; `problem` says why.
 */
export type DetailsStatus = 'fetched' | 'notAsked' | 'gone' | 'failed';

export interface UnreadablePerson {
	/** As the user entered it. */
	person: string;
	problem: string;
}

/** What is known of one change, whichever trigger detected it. */
export interface ReportedChange {
	kind: string;
	eventId: string;
	/** Milliseconds. */
	at: number;
	unionIds: string[];
	/** Identifies the change: the same in each delivery of it. */
	key: string;
	details: DetailsStatus;
	event?: ApiEvent;
	problem?: string;
	operator?: string;
	differences?: Differences;
	/** The last state that is known of an event that is gone. */
	lastKnown?: EventState;
	/** The watched people who could not be read or found, so that their changes may be missing. */
	unreadable?: UnreadablePerson[];
	/** As received from DingTalk; part of the raw output. */
	push?: Record<string, unknown>;
	sample?: boolean;
	/** Fields that only one of the triggers has. */
	extraFields?: IDataObject;
}

/** Adds the names that the event contains to the IDs. */
function formatPeople(unionIds: string[], event: ApiEvent = {}): string[] {
	const { organizer, attendees = [] } = event as {
		organizer?: { id?: string; displayName?: string };
		attendees?: Array<{ id?: string; displayName?: string }>;
	};
	const people = [...attendees, ...(organizer ? [organizer] : [])];
	return unionIds.map((id) => formatPerson({ id, displayName: people.find((one) => one.id === id)?.displayName }));
}

const omitUndefined = (data: IDataObject): IDataObject =>
	Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));

/** Reads 'Output' at once, so that a wrong value is rejected when the workflow is activated. */
export function readChangeOutput(item: Item): (change: ReportedChange) => IDataObject {
	const formatEvent = readEventOutput(item);
	const isRaw = item.value('output') === 'raw';
	const { zone } = item;
	return ({ kind, eventId, at, unionIds, key, details, event, ...more }) => {
		const change = omitUndefined({
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
			unreadable: more.unreadable?.map((one) => ({ ...one })),
			sample: more.sample,
			push: isRaw ? (more.push as IDataObject | undefined) : undefined,
		});
		return { ...(event ? formatEvent(event) : eventId === '' ? {} : { id: eventId }), change };
	};
}
