/** Moving only the start or only the end of an event. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { InputError } from '../../../../lib/n8n/InputError';
import type { EventPath } from '../locators/eventPath';
import type { ApiTime } from '../../../../lib/n8n/fields/dateTime';

interface EventTimes {
	start?: ApiTime;
	end?: ApiTime;
}

/**
 * DingTalk wants both ends in one time zone and in order, and only the event knows its other end. So where one of them
 * was given, and only then, the event is read first.
 */
export async function alignWithStoredTimes(item: Item, path: EventPath, content: IDataObject): Promise<IDataObject> {
	const given = content as EventTimes;
	if ((given.start === undefined) === (given.end === undefined)) return content;
	const [key, label] = given.start ? (['start', 'Start'] as const) : (['end', 'End'] as const);
	const event = await item.client.request<EventTimes>(api.getEvent, { path, query: { maxAttendees: 1 } });
	const { dateTime: start, timeZone: zone } = event.start ?? {};
	if (!start || !zone) {
		throw new InputError(label, 'is a clock time, but the event takes whole days', "Add 'All Day', 'Start' and 'End'.");
	}
	const moved = DateTime.fromISO(given[key]?.dateTime ?? '', { zone });
	const stays = DateTime.fromISO((key === 'start' ? event.end?.dateTime : start) ?? '', { zone });
	if (key === 'start' ? moved > stays : moved < stays) {
		throw new InputError(
			label,
			key === 'start' ? 'is after the present end of the event' : 'is before the present start of the event',
			"Set both 'Start' and 'End' to move the event.",
		);
	}
	return { ...content, [key]: { dateTime: apiDateTime(moved), timeZone: zone } };
}
