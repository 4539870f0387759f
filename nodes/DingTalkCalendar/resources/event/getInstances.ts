/** Lists the occurrences of a recurring event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { endlessGuard, listRows } from '../../../../lib/dingtalk/client/pagination';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { limitProperties, pageSizeFor, readLimit } from '../../fields/common/limit';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { readChoice, readText } from '../../../../lib/n8n/fields/primitives';
import { EVENT_LOOKUPS, eventTarget, type EventPath } from '../../fields/locators/eventPath';
import { readDateRange, dateRangeProperties } from '../../fields/common/dateRange';
import type { Operation } from '../../../../lib/n8n/Operation';

const series = eventTarget('Person', 'The organizer or an attendee of the event');

/** The list has no pages: the next part begins with the last occurrence of the one before. */
async function listStored(
	item: Item,
	{ userId, calendarId, eventId }: EventPath,
	first: string | undefined,
	limit = Infinity,
): Promise<ApiEvent[]> {
	const { pageSize } = api.listGeneratedInstances;
	const found = new Map<string, ApiEvent>();
	const countPage = endlessGuard();
	let from = first;
	for (;;) {
		const known = found.size;
		const { events = [] } = await item.client.request<{ events?: ApiEvent[] }>(api.listGeneratedInstances, {
			path: { userId, calendarId },
			query: { seriesMasterId: eventId, startRecurrenceId: from, maxResults: pageSize },
		});
		for (const event of events) found.set(event.id ?? '', event);
		from = events.at(-1)?.id;
		if (events.length < pageSize || found.size === known || found.size >= limit) break;
		countPage();
	}
	return [...found.values()].slice(0, limit);
}

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
				const found = await listStored(item, await resolvePath(), first || undefined, limit);
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
