/** Lists who has checked in or out of an event and who is missing. */
import { DateTime } from 'luxon';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ApiCall } from '../../../../lib/dingtalk/endpoints';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { Task } from '../../../../lib/n8n/Operation';
import { readLimit } from '../common/limit';
import { eventTarget } from '../locators/eventPath';
import { readChoice } from '../../../../lib/n8n/fields/primitives';

/** DingTalk sends milliseconds; the output shows local time. */
export const formatTimestamp = (milliseconds: number | undefined, zone: string): string | null =>
	milliseconds === undefined ? null : apiDateTime(DateTime.fromMillis(milliseconds, { zone }));

export const checkInStatusProperty = (doneLabel: string, missingLabel: string): INodeProperties => {
	const options = [
		{ name: doneLabel, value: 'done' },
		{ name: missingLabel, value: 'missing' },
	];
	return { displayName: 'Status', name: 'who', type: 'options', default: 'done', options };
};

export const checkInEvent = eventTarget('Person', 'The organizer or an attendee, in whose calendar the event is');

interface Row {
	userId?: string;
	displayName?: string;
	checkInTime?: number;
	checkOutTime?: number;
}

export interface CheckInList {
	call: ApiCall;
	/** The values that DingTalk uses for people who have checked in or out, and for the others. */
	types: { done: string; missing: string };
	timeKey: 'checkInTime' | 'checkOutTime';
	outputKey: 'checkedInAt' | 'checkedOutAt';
}

export function readCheckInList(item: Item, { call, types, timeKey, outputKey }: CheckInList): Task {
	const path = checkInEvent.read(item);
	const type = types[readChoice(item.value('who') ?? 'done', 'Status', ['done', 'missing'] as const)];
	const limit = readLimit(item);
	return async () => {
		const input = { path: await path(), query: { type, maxResults: call.pageSize } };
		const rows = await listRows<Row>(item.client, call, 'users', input, { limit });
		return rows.map((row): IDataObject => ({
			id: row.userId ?? null,
			name: row.displayName ?? null,
			[outputKey]: formatTimestamp(row[timeKey], item.zone),
		}));
	};
}
