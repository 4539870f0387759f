/** The optional date range of lists. */
import type { INodeProperties } from 'n8n-workflow';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { InputError } from '../../../../lib/n8n/InputError';
import { readOptionalMoment, timeZoneNotice } from '../../../../lib/n8n/fields/dateTime';
import { t } from '../../../../lib/locale/t';

export const dateRangeProperties: INodeProperties[] = [
	{
		displayName: 'From',
		name: 'timeMin',
		type: 'dateTime',
		default: '={{ $today }}',
		description: 'Leave empty for no start',
	},
	{
		displayName: 'To',
		name: 'timeMax',
		type: 'dateTime',
		default: '={{ $today.plus({ days: 7 }) }}',
		description: 'Leave empty for no end',
	},
	timeZoneNotice(),
];

export interface ApiDateRange {
	timeMin?: string;
	timeMax?: string;
}

/** `maxDays` is the longest range that DingTalk accepts, if it has a limit. */
export function readDateRange(item: Item, maxDays?: number): ApiDateRange {
	const from = readOptionalMoment(item.value('timeMin'), item.zone, 'From');
	const to = readOptionalMoment(item.value('timeMax'), item.zone, 'To');
	if (from && to && to < from)
		throw new InputError('To', t`is before 'From'`, t`Enter a 'To' that is later than 'From'.`);
	if (from && to && maxDays !== undefined && to.diff(from, 'days').days > maxDays) {
		throw new InputError(
			'To',
			t`is more than a year after 'From'`,
			t`DingTalk lists stored events for at most one year at a time. Enter a shorter range.`,
		);
	}
	return { timeMin: from && apiDateTime(from), timeMax: to && apiDateTime(to) };
}
