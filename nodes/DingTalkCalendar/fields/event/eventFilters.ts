/** Filters for lists of events. DingTalk filters by time only, so these run in n8n. */
import type { INodeProperties } from 'n8n-workflow';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import type { ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { readPeople, resolveUnionIds } from '../../../../lib/n8n/fields/people';
import { readChoice, readList, readText } from '../../../../lib/n8n/fields/primitives';

export const RESPONSES = ['accepted', 'declined', 'needsAction', 'tentative'] as const;

export const responseOptions = [
	{ name: 'Accepted', value: 'accepted' },
	{ name: 'Declined', value: 'declined' },
	{ name: 'No Response Yet', value: 'needsAction' },
	{ name: 'Tentative', value: 'tentative' },
];

export const eventFilterFields: INodeProperties[] = [
	{
		displayName: 'Organizer',
		name: 'organizer',
		type: 'string',
		default: '',
		placeholder: 'e.g. 13800138000',
		description:
			'Only events organized by one of these people: names, mobile numbers, e-mail addresses or IDs. Filtered in n8n.',
	},
	{
		displayName: 'Response',
		name: 'response',
		type: 'multiOptions',
		default: [],
		description: 'Only events with one of these responses of the person. Filtered in n8n.',
		options: responseOptions,
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		default: '',
		description: 'Only events with this status. Filtered in n8n.',
		options: [
			{ name: 'Any', value: '' },
			{ name: 'Cancelled', value: 'cancelled' },
			{ name: 'Confirmed', value: 'confirmed' },
		],
	},
	{
		displayName: 'Title Contains',
		name: 'title',
		type: 'string',
		default: '',
		description: 'Only events with this text in the title, regardless of case. Filtered in n8n.',
	},
];

interface EventParts {
	summary?: string;
	status?: string;
	organizer?: { id?: string };
	attendees?: Array<{ self?: boolean; responseStatus?: string }>;
	seriesMasterId?: string;
}

type Test = (event: EventParts) => boolean;

export interface EventFilter {
	/** Looks up the people in the filters. */
	createTest(): Promise<(event: ApiEvent) => boolean>;
	isActive: boolean;
}

/** Empty filters match all events. `series` is given where DingTalk does not filter by it. */
export function readEventFilter(item: Item, filters: Values, series?: string): EventFilter {
	const tests: Test[] = [];
	const title = filters.title === undefined ? '' : readText(filters.title, 'Title Contains').trim().toLowerCase();
	if (title !== '') tests.push(({ summary = '' }) => summary.toLowerCase().includes(title));
	const responses = readList(filters.response).map((one) => readChoice(one, 'Response', RESPONSES));
	if (responses.length > 0) {
		tests.push(({ attendees = [] }) => {
			const own = attendees.find(({ self }) => self)?.responseStatus;
			return responses.some((response) => response === own);
		});
	}
	if (filters.status) {
		const status = readChoice(filters.status, 'Status', ['cancelled', 'confirmed'] as const);
		tests.push((event) => (event.status ?? 'confirmed') === status);
	}
	if (series) tests.push(({ seriesMasterId }) => seriesMasterId === series);
	const organizers = readPeople(item, filters.organizer, 'Organizer');
	return {
		isActive: tests.length > 0 || organizers.length > 0,
		async createTest() {
			const ids = await resolveUnionIds(organizers);
			const all = ids.length > 0 ? [...tests, (event: EventParts) => ids.includes(event.organizer?.id ?? '')] : tests;
			return (event) => all.every((test) => test(event as EventParts));
		},
	};
}
