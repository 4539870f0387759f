/** Lets an update move only the start or only the end of an event. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { DingTalkError } from '../../../../lib/dingtalk/errors/DingTalkError';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { InputError } from '../../../../lib/n8n/InputError';
import type { EventPath } from '../locators/eventPath';
import type { ApiTime } from '../../../../lib/dingtalk/utils/timestamps';
import { isAllDay } from '../../../../lib/dingtalk/events/readEvent';
import { t } from '../../../../lib/locale/t';

interface EventTimes {
	start?: ApiTime;
	end?: ApiTime;
}

const missingTimesError = (): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: t`DingTalk returned the event without its current times`,
		advice: t`Try again in a few minutes, or set both 'Start' and 'End'.`,
	});

/**
 * DingTalk requires start and end in order and in one time zone. If only one of them is given, the event is read to get
 * the other.
 */
export async function alignWithStoredTimes(item: Item, path: EventPath, content: IDataObject): Promise<IDataObject> {
	const changed = content as EventTimes;
	if ((changed.start === undefined) === (changed.end === undefined)) return content;
	const [key, label] = changed.start ? (['start', 'Start'] as const) : (['end', 'End'] as const);
	const event = await item.client.request<EventTimes>(api.getEvent, { path, query: { maxAttendees: 1 } });
	const start = event.start?.dateTime;
	const zone = event.start?.timeZone || event.end?.timeZone;
	if (!isAllDay(event) && (!start || !zone || (key === 'start' && !event.end?.dateTime))) throw missingTimesError();
	if (!start || !zone) {
		throw new InputError(label, t`has a time of day, but the event is all-day`, t`Add 'All Day', 'Start' and 'End'.`);
	}
	const newTime = DateTime.fromISO(changed[key]?.dateTime ?? '', { zone });
	const otherTime = DateTime.fromISO((key === 'start' ? event.end?.dateTime : start) ?? '', { zone });
	if (key === 'start' ? newTime > otherTime : newTime < otherTime) {
		throw new InputError(
			label,
			key === 'start' ? t`is after the current end of the event` : t`is before the current start of the event`,
			t`Set both 'Start' and 'End' to move the event.`,
		);
	}
	return { ...content, [key]: { dateTime: apiDateTime(newTime), timeZone: zone } };
}
