/** Lists the events in a person's calendar. */
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

/** The list is in alphabetical order; those of this operation alone come between. */
const [organizer, response, ...statusAndTitle] = eventFilterFields;

const calendar = calendarTarget('Person', 'The person whose calendar to read');

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many events',
	description: "Lists the events in a person's calendar between two dates, including occurrences of series",
	calls: [api.listEventsView, api.listEvents, ...PERSON_LOOKUPS],
	properties: [
		...calendar.properties,
		{
			displayName: 'View',
			name: 'view',
			type: 'options',
			noDataExpression: true,
			default: 'expanded',
			options: [
				{
					name: 'Calendar View',
					value: 'expanded',
					description: 'Includes every occurrence of a series, past and future',
				},
				{
					name: 'Stored Events',
					value: 'stored',
					description: 'Only single events and past occurrences; can include deleted events',
				},
			],
		},
		...dateRangeProperties,
		{
			displayName:
				'Stored events contain an occurrence of a series only once it has begun, so future ones are missing. DingTalk accepts a date range of at most one year here.',
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
				{
					displayName: 'Include Deleted Events',
					name: 'showDeleted',
					type: 'boolean',
					default: false,
					description: 'Whether to return deleted events too, marked as cancelled. Only available for stored events.',
				},
				organizer,
				response,
				{
					displayName: 'Series ID',
					name: 'seriesMasterId',
					type: 'string',
					default: '',
					description: 'Only events of this series. Stored events are filtered by DingTalk, the calendar view in n8n.',
				},
				...statusAndTitle,
			],
		},
	],
	prepare(item) {
		const resolvePath = calendar.read(item);
		const isStoredView =
			readChoice(item.value('view') ?? 'expanded', 'View', ['expanded', 'stored'] as const) === 'stored';
		const window = readDateRange(item, isStoredView ? LIMITS.storedListDays : undefined);
		const limit = readLimit(item);
		const filters = item.collection('filters');
		const seriesId =
			filters.seriesMasterId === undefined ? undefined : readText(filters.seriesMasterId, 'Series ID') || undefined;
		const showDeleted =
			filters.showDeleted === undefined ? undefined : readBoolean(filters.showDeleted, 'Include Deleted Events');
		const { createTest, isActive } = readEventFilter(item, filters, isStoredView ? undefined : seriesId);
		const toOutput = readEventOutput(item);
		const call = isStoredView ? api.listEvents : api.listEventsView;
		const query: Record<string, string | number | boolean | undefined> = {
			...window,
			// With a filter applied in n8n, finding a few rows may take many; small pages would only cost more calls.
			maxResults: pageSizeFor(isActive ? undefined : limit, call.pageSize),
			...(isStoredView ? { showDeleted, seriesMasterId: seriesId } : {}),
		};

		return async () => {
			const events = await listRows<ApiEvent>(
				item.client,
				call,
				'events',
				{ path: await resolvePath(call), query },
				{ limit, matches: await createTest() },
			);
			return events.map((event): IDataObject => toOutput(event));
		};
	},
};
