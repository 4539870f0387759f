/** The fields of a subscription calendar: name, description, managers, and who may subscribe. */
import type { INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { peopleField, readIdentifyBy, readPeople, resolveUnionIds } from '../../../../lib/n8n/fields/people';
import { readList, readText, readTextUpTo } from '../../../../lib/n8n/fields/primitives';
import { t } from '../../../../lib/locale/t';

export const subscriptionFields = {
	description: {
		displayName: 'Description',
		name: 'calendarDescription',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: `Up to ${LIMITS.subscriptionDescriptionCharacters} characters`,
	},
	managers: peopleField('Managers', 'managers', 'People who may add events, besides the creator'),
	people: peopleField('Allowed People', 'scopePeople', 'People who may subscribe'),
	groups: {
		displayName: 'Allowed Groups',
		name: 'scopeGroups',
		type: 'string',
		default: '',
		placeholder: 'e.g. cidAbCdEfGhIjKlMn==',
		description:
			'The open conversation IDs of group chats, separated by commas. The creator must be a member of one of them.',
	},
	organizations: {
		displayName: 'Allowed Organizations',
		name: 'scopeOrganizations',
		type: 'string',
		default: '',
		placeholder: 'e.g. ding0123456789abcdef',
		description: 'The corp IDs of organizations whose members may subscribe, separated by commas',
	},
} as const satisfies Record<string, INodeProperties>;

export function readSubscriptionName(value: unknown): string {
	const name = readTextUpTo(LIMITS.subscriptionNameCharacters, value ?? '', 'Name').trim();
	if (name === '') throw new InputError('Name', t`is empty`, t`Enter a name for the calendar.`);
	return name;
}

const texts = (value: unknown, label: string): string[] => readList(value).map((one) => readText(one, label));

export interface SubscribeScope {
	unionIds?: string[];
	openConversationIds?: string[];
	corpIds?: string[];
}

/** Only the parts of a calendar that the user added. */
export interface SubscriptionContent {
	description?: string;
	managers?: string[];
	subscribeScope?: SubscribeScope;
}

const idLists = (value: unknown, label: string): string[] | undefined =>
	value === undefined ? undefined : texts(value, label);

/** Validates now; looks up people when the returned function runs. */
export function readSubscription(item: Item, typed: Values): () => Promise<SubscriptionContent> {
	const by = readIdentifyBy(typed.identifyBy);
	const description =
		typed.calendarDescription === undefined
			? undefined
			: readTextUpTo(LIMITS.subscriptionDescriptionCharacters, typed.calendarDescription, 'Description');
	const managers = typed.managers === undefined ? undefined : readPeople(item, typed.managers, 'Managers', by);
	const people =
		typed.scopePeople === undefined ? undefined : readPeople(item, typed.scopePeople, 'Allowed People', by);
	const openConversationIds = idLists(typed.scopeGroups, 'Allowed Groups');
	const corpIds = idLists(typed.scopeOrganizations, 'Allowed Organizations');
	return async () => {
		const content: SubscriptionContent = {};
		if (description !== undefined) content.description = description;
		if (managers) content.managers = await resolveUnionIds(managers);
		const subscribeScope: SubscribeScope = {
			...(people && { unionIds: await resolveUnionIds(people) }),
			...(openConversationIds && { openConversationIds }),
			...(corpIds && { corpIds }),
		};
		if (Object.keys(subscribeScope).length > 0) content.subscribeScope = subscribeScope;
		return content;
	};
}

/** DingTalk requires that someone may subscribe. */
export function requireSubscribers(lists: unknown[]): void {
	if (lists.every((value) => readList(value).length === 0)) {
		throw new InputError(
			'Allowed People',
			t`is empty, and so are the groups and organizations`,
			t`Enter at least one person, group or organization.`,
		);
	}
}
