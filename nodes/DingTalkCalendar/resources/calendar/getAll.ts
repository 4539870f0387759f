import { api } from '../../../../lib/dingtalk/endpoints';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { readChoice, readList } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const owner = personField('Person', 'Whose calendars to list');

const TYPES = ['primary', 'shared', 'subscribed', 'unknown'] as const;

interface Answer {
	response?: { calendars?: Array<{ type?: string }> };
}

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many calendars',
	description: 'List the calendars that somebody sees: the own one, subscribed ones, and those that others share',
	calls: [api.listCalendars, ...PERSON_LOOKUPS],
	properties: [
		owner.property,
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
					description: 'Only calendars of these kinds. n8n filters.',
					options: [
						{ name: 'Other', value: 'unknown' },
						{ name: "Person's Own", value: 'primary' },
						{ name: 'Shared by Others', value: 'shared' },
						{ name: 'Subscribed', value: 'subscribed' },
					],
				},
			],
		},
	],
	prepare(item) {
		const who = owner.read(item);
		const types: string[] = readList(item.collection('filters').type).map((type) => readChoice(type, 'Type', TYPES));

		return async () => {
			const { response } = await item.client.request<Answer>(api.listCalendars, {
				path: { userId: await who.unionId() },
			});
			return (response?.calendars ?? [])
				.filter(({ type = 'unknown' }) => types.length === 0 || types.includes(type))
				.map((calendar) => ({ ...calendar }));
		};
	},
};
