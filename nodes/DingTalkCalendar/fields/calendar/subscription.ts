/** A calendar that others may subscribe to: what it is called, who edits it, who may have it. */
import type { INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { peopleField, readIdentifyBy, readPeople, resolveUnionIds } from '../../../../lib/n8n/fields/people';
import { readList, readText, readTextUpTo } from '../../../../lib/n8n/fields/primitives';

export const subscriptionFields = {
	description: {
		displayName: 'Description',
		name: 'calendarDescription',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: `Up to ${LIMITS.subscriptionDescriptionCharacters} characters`,
	},
	managers: peopleField('Managers', 'managers', 'Who may put events into the calendar besides its creator'),
	people: peopleField('People Who May Subscribe', 'scopePeople', 'Who may subscribe'),
	groups: {
		displayName: 'Groups That May Subscribe',
		name: 'scopeGroups',
		type: 'string',
		default: '',
		placeholder: 'e.g. cidAbCdEfGhIjKlMn==',
		description:
			'Open conversation IDs of group chats, separated by commas; the creator must be a member of one of them',
	},
	organizations: {
		displayName: 'Organizations That May Subscribe',
		name: 'scopeOrganizations',
		type: 'string',
		default: '',
		placeholder: 'e.g. ding0123456789abcdef',
		description: 'Corp IDs, separated by commas; everybody in them may subscribe',
	},
} as const satisfies Record<string, INodeProperties>;

export function readSubscriptionName(value: unknown): string {
	const name = readTextUpTo(LIMITS.subscriptionNameCharacters, value ?? '', 'Name').trim();
	if (name === '') throw new InputError('Name', 'is empty', 'Give the calendar a name.');
	return name;
}

const texts = (value: unknown, label: string): string[] => readList(value).map((one) => readText(one, label));

export interface SubscribeScope {
	unionIds?: string[];
	openConversationIds?: string[];
	corpIds?: string[];
}

/** The parts of a calendar that the user named, and no others. */
export interface SubscriptionContent {
	description?: string;
	managers?: string[];
	subscribeScope?: SubscribeScope;
}

const idLists = (value: unknown, label: string): string[] | undefined =>
	value === undefined ? undefined : texts(value, label);

/** Checks now; looks people up when the returned function runs. */
export function readSubscription(item: Item, typed: Values): () => Promise<SubscriptionContent> {
	const by = readIdentifyBy(typed.identifyBy);
	const description =
		typed.calendarDescription === undefined
			? undefined
			: readTextUpTo(LIMITS.subscriptionDescriptionCharacters, typed.calendarDescription, 'Description');
	const managers = typed.managers === undefined ? undefined : readPeople(item, typed.managers, 'Managers', by);
	const people =
		typed.scopePeople === undefined ? undefined : readPeople(item, typed.scopePeople, 'People Who May Subscribe', by);
	const openConversationIds = idLists(typed.scopeGroups, 'Groups That May Subscribe');
	const corpIds = idLists(typed.scopeOrganizations, 'Organizations That May Subscribe');
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

/** DingTalk keeps no calendar to which nobody may subscribe. */
export function refuseEmptyScope(lists: unknown[]): void {
	if (lists.every((value) => readList(value).length === 0)) {
		throw new InputError(
			'People Who May Subscribe',
			'is empty, and so are the groups and organizations',
			'Name at least one person, group or organization.',
		);
	}
}
