/** Lists the calendars that a person sees. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { readChoice, readList } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const ownerField = personField('Person', 'The person whose calendars to list');

const CALENDAR_TYPES = ['primary', 'shared', 'subscribed', 'unknown'] as const;

interface ListCalendarsResponse {
	response?: { calendars?: Array<{ type?: string }> };
}

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many calendars',
	description: 'Lists the calendars that a person sees: their own, subscribed ones, and those shared by others',
	calls: [api.listCalendars, ...PERSON_LOOKUPS],
	properties: [
		ownerField.property,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Type',
					name: 'type',
					type: 'multiOptions',
					default: [],
					description: 'Only calendars of these types. Filtered in n8n.',
					options: [
						{ name: 'Other', value: 'unknown' },
						{ name: 'Own', value: 'primary' },
						{ name: 'Shared by Others', value: 'shared' },
						{ name: 'Subscribed', value: 'subscribed' },
					],
				},
			],
		},
	],
	prepare(item) {
		const owner = ownerField.read(item);
		const types: string[] = readList(item.collection('filters').type).map((type) =>
			readChoice(type, 'Type', CALENDAR_TYPES),
		);

		return async () => {
			const { response } = await item.client.request<ListCalendarsResponse>(api.listCalendars, {
				path: { userId: await owner.unionId() },
			});
			return (response?.calendars ?? [])
				.filter(({ type = 'unknown' }) => types.length === 0 || types.includes(type))
				.map((calendar) => ({ ...calendar }));
		};
	},
};
