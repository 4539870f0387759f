/** Creates a subscription calendar. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { identifyByField, PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import {
	readSubscription,
	readSubscriptionName,
	requireSubscribers,
	subscriptionFields,
} from '../../fields/calendar/subscription';
import { readList } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const SCOPE_FIELDS = ['scopePeople', 'scopeGroups', 'scopeOrganizations'];

const creatorField = personField('Creator', 'The person who owns the calendar');

interface CreatedCalendar {
	calendarId?: string;
	/** Of the calendar that there is, where the same key has created one with another name. */
	name?: string;
}

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a subscription calendar',
	description: 'Creates a calendar that other people can subscribe to',
	acceptsKey: true,
	calls: [api.createSubscriptionCalendar, ...PERSON_LOOKUPS],
	properties: [
		creatorField.property,
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Company holidays',
		},
		subscriptionFields.people,
		subscriptionFields.groups,
		subscriptionFields.organizations,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [subscriptionFields.description, identifyByField, subscriptionFields.managers],
		},
	],
	prepare(item) {
		const creator = creatorField.read(item);
		const name = readSubscriptionName(item.value('name'));
		const scopeValues = SCOPE_FIELDS.map((field) => [field, item.value(field)] as const);
		requireSubscribers(scopeValues.map(([, value]) => value));
		const scope = Object.fromEntries(scopeValues.filter(([, value]) => readList(value).length > 0));
		const resolveContent = readSubscription(item, { ...item.collection('additionalFields'), ...scope });

		return async () => {
			const created = await item.client.request<CreatedCalendar>(api.createSubscriptionCalendar, {
				path: { userId: await creator.unionId() },
				body: { name, ...(await resolveContent()) },
				sentResult: { name },
				...item.creationKey('create subscription calendar'),
			});
			return { calendarId: created.calendarId ?? null, name: created.name ?? name };
		};
	},
};
