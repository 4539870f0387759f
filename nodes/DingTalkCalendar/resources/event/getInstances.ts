/** Lists the occurrences of a recurring event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { listParts, listRows } from '../../../../lib/dingtalk/client/pagination';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { limitProperties, pageSizeFor, readLimit } from '../../fields/common/limit';
import { readChoice, readText } from '../../../../lib/n8n/fields/primitives';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readDateRange, dateRangeProperties } from '../../fields/common/dateRange';
import type { Operation } from '../../../../lib/n8n/Operation';

const series = eventTarget('Person', 'The organizer or an attendee of the event');

export const getInstances: Operation = {
	value: 'getInstances',
	name: 'Get Occurrences',
	action: 'Get the occurrences of a recurring event',
	description: 'Lists the occurrences of a recurring event; an event that does not repeat has none',
	calls: [api.listInstances, api.listGeneratedInstances, ...EVENT_LOOKUPS],
	properties: [
		...series.properties,
		{
			displayName: 'Occurrences',
			name: 'occurrenceRange',
			type: 'options',
			noDataExpression: true,
			default: 'window',
			options: [
				{ name: 'Between Two Times', value: 'window' },
				{
					name: 'Already Generated',
					value: 'fromOne',
					description:
						'Occurrences that DingTalk has generated so far, from the one you name. DingTalk does not document when it generates them.',
				},
			],
		},
		...dateRangeProperties.map((property) => ({
			...property,
			displayOptions: { ...property.displayOptions, hide: { occurrenceRange: ['fromOne'] } },
		})),
		{
			displayName: 'First Occurrence ID',
			name: 'firstOccurrenceId',
			type: 'string',
			default: '',
			description:
				"The ID of the occurrence to begin with. If empty, the list begins with the first one. 'Event' has to be the ID of the series.",
			displayOptions: { show: { occurrenceRange: ['fromOne'] } },
		},
		...limitProperties,
		...outputProperties,
	],
	prepare(item) {
		const resolvePath = series.read(item);
		const range = readChoice(item.value('occurrenceRange') ?? 'window', 'Occurrences', ['window', 'fromOne'] as const);
		const window = range === 'window' ? readDateRange(item) : {};
		const first = readText(item.value('firstOccurrenceId') ?? '', 'First Occurrence ID').trim();
		const limit = readLimit(item);
		const toOutput = readEventOutput(item);

		return async () => {
			if (range === 'fromOne') {
				const { userId, calendarId, eventId } = await resolvePath();
				const found = await listParts<ApiEvent>(
					item.client,
					api.listGeneratedInstances,
					{ rows: 'events', from: 'startRecurrenceId', pageSize: api.listGeneratedInstances.pageSize },
					{ path: { userId, calendarId }, query: { seriesMasterId: eventId, startRecurrenceId: first || undefined } },
					limit,
				);
				return found.map((occurrence) => toOutput(occurrence));
			}
			const occurrences = await listRows<ApiEvent>(
				item.client,
				api.listInstances,
				'events',
				{ path: await resolvePath(), query: { ...window, maxResults: pageSizeFor(limit, api.listInstances.pageSize) } },
				{ limit },
			);
			return occurrences.map((occurrence) => toOutput(occurrence));
		};
	},
};
