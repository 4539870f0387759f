import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { readEventFilter, eventFilterFields } from '../../fields/event/eventFilters';
import { limitProperties, pageSizeFor, readLimit } from '../../fields/common/limit';
import { calendarTarget } from '../../fields/locators/eventPath';
import { readBoolean, readChoice, readText } from '../../../../lib/n8n/fields/primitives';
import { readDateRange, dateRangeProperties } from '../../fields/common/dateRange';
import { PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const calendar = calendarTarget('Person', 'Whose calendar to read');

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many events',
	description: "List the events in somebody's calendar between two dates, occurrences of series included",
	calls: [api.listEventsView, api.listEvents, ...PERSON_LOOKUPS],
	properties: [
		...calendar.properties,
		{
			displayName: 'Which Events',
			name: 'view',
			type: 'options',
			noDataExpression: true,
			default: 'expanded',
			options: [
				{
					name: 'As Shown in the Calendar',
					value: 'expanded',
					description: 'Every occurrence of a series, past and future',
				},
				{
					name: 'As Stored by DingTalk',
					value: 'stored',
					description: 'Single events and past occurrences only; can include deleted events',
				},
			],
		},
		...dateRangeProperties,
		{
			displayName:
				'Stored events of a series appear only once they have begun: the future is missing. DingTalk takes a window of at most one year here.',
			name: 'storedNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { view: ['stored'] } },
		},
		...limitProperties,
		...outputProperties,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				...eventFilterFields,
				{
					displayName: 'Series ID',
					name: 'seriesMasterId',
					type: 'string',
					default: '',
					description: "Only events of this series. DingTalk filters stored events, n8n the calendar's.",
				},
				{
					displayName: 'With Deleted Events',
					name: 'showDeleted',
					type: 'boolean',
					default: true,
					description:
						'Whether deleted events are listed too, as cancelled. DingTalk does this for stored events only.',
				},
			].sort((a, b) => a.displayName.localeCompare(b.displayName)) as typeof eventFilterFields,
		},
	],
	prepare(item) {
		const path = calendar.read(item);
		const stored =
			readChoice(item.value('view') ?? 'expanded', 'Which Events', ['expanded', 'stored'] as const) === 'stored';
		const window = readDateRange(item, stored ? LIMITS.storedListDays : undefined);
		const limit = readLimit(item);
		const filters = item.collection('filters');
		const series =
			filters.seriesMasterId === undefined ? undefined : readText(filters.seriesMasterId, 'Series ID') || undefined;
		const showDeleted =
			filters.showDeleted === undefined ? undefined : readBoolean(filters.showDeleted, 'With Deleted Events');
		const { fits, filtersHere } = readEventFilter(item, filters, stored ? undefined : series);
		const show = readEventOutput(item);
		const call = stored ? api.listEvents : api.listEventsView;
		const query: Record<string, string | number | boolean | undefined> = {
			...window,
			// Filtering here may need many rows to find a few; small pages would only cost calls.
			maxResults: pageSizeFor(filtersHere ? undefined : limit, call.pageSize),
			...(stored ? { showDeleted, seriesMasterId: series } : {}),
		};

		return async () => {
			const events = await listRows<ApiEvent>(
				item.client,
				call,
				'events',
				{ path: await path(call), query },
				{ limit, matches: await fits() },
			);
			return events.map((event): IDataObject => show(event));
		};
	},
};
