/** Checking in and out of an event: who is there, who is missing, when they came. */
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

/** DingTalk counts milliseconds; people read clocks. */
export const formatTimestamp = (milliseconds: number | undefined, zone: string): string | null =>
	milliseconds === undefined ? null : apiDateTime(DateTime.fromMillis(milliseconds, { zone }));

export const checkInStatusProperty = (done: string, missing: string): INodeProperties => {
	const options = [
		{ name: done, value: 'done' },
		{ name: missing, value: 'missing' },
	];
	return { displayName: 'Who', name: 'who', type: 'options', default: 'done', options };
};

export const checkInEvent = eventTarget('Person', 'In whose calendar to look: the organizer or somebody who is invited');

interface Row {
	userId?: string;
	displayName?: string;
	checkInTime?: number;
	checkOutTime?: number;
}

export interface CheckInList {
	call: ApiCall;
	/** DingTalk's words for who has done it and who has not. */
	types: { done: string; missing: string };
	timeKey: 'checkInTime' | 'checkOutTime';
	shownAs: 'checkedInAt' | 'checkedOutAt';
}

export function readCheckInList(item: Item, { call, types, timeKey, shownAs }: CheckInList): Task {
	const path = checkInEvent.read(item);
	const type = types[readChoice(item.value('who') ?? 'done', 'Who', ['done', 'missing'] as const)];
	const limit = readLimit(item);
	return async () => {
		const input = { path: await path(), query: { type, maxResults: call.pageSize } };
		const rows = await listRows<Row>(item.client, call, 'users', input, { limit });
		return rows.map((row): IDataObject => ({
			id: row.userId ?? null,
			name: row.displayName ?? null,
			[shownAs]: formatTimestamp(row[timeKey], item.zone),
		}));
	};
}
