/** What to keep of a list of events. DingTalk filters by time only, so these run in n8n, on what DingTalk sent. */
import type { INodeProperties } from 'n8n-workflow';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import type { ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { readPeople, resolveUnionIds } from '../../../../lib/n8n/fields/people';
import { readChoice, readList, readText } from '../../../../lib/n8n/fields/primitives';

export const RESPONSES = ['accepted', 'declined', 'needsAction', 'tentative'] as const;

export const responseOptions = [
	{ name: 'Accepted', value: 'accepted' },
	{ name: 'Declined', value: 'declined' },
	{ name: 'No Answer Yet', value: 'needsAction' },
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
			'Only events that one of these people organizes: names, mobile numbers, e-mail addresses or IDs. n8n filters.',
	},
	{
		displayName: 'Response',
		name: 'response',
		type: 'multiOptions',
		default: [],
		description: 'Only events that the person has answered in one of these ways. n8n filters.',
		options: responseOptions,
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		default: 'confirmed',
		description: 'Only events that take place, or only cancelled ones. n8n filters.',
		options: [
			{ name: 'Cancelled', value: 'cancelled' },
			{ name: 'Confirmed', value: 'confirmed' },
		],
	},
	{
		displayName: 'Title Contains',
		name: 'title',
		type: 'string',
		default: '',
		description: 'Only events with this text in the title; upper and lower case are the same. n8n filters.',
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
	/** Looks up the people that the filters name. */
	fits(): Promise<(event: ApiEvent) => boolean>;
	filtersHere: boolean;
}

/** Empty filters filter nothing. `series` is given where DingTalk does not filter by it. */
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
		filtersHere: tests.length > 0 || organizers.length > 0,
		async fits() {
			const ids = await resolveUnionIds(organizers);
			const all = ids.length > 0 ? [...tests, (event: EventParts) => ids.includes(event.organizer?.id ?? '')] : tests;
			return (event) => all.every((test) => test(event as EventParts));
		},
	};
}
