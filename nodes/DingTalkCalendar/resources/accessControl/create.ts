/** Shares a person's calendar with another person. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { calendarTarget } from '../../fields/locators/eventPath';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { readBoolean, readChoice } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

/** How much of the calendar the other person can see or change. */
const PRIVILEGES = ['free_busy_reader', 'title_reader', 'reader', 'writer'] as const;

const privilegeOptions = [
	{ name: 'Edit Events', value: 'writer' },
	{ name: 'See All Details', value: 'reader' },
	{ name: 'See Free/Busy Only', value: 'free_busy_reader' },
	{ name: 'See Titles', value: 'title_reader' },
];

const calendarOwner = calendarTarget('Calendar Owner', 'The person whose calendar to share');
const granteeField = personField('Share With', 'The person to share the calendar with', 'grantee');

interface CreateAclResponse {
	aclId?: string;
	privilege?: string;
}

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Share a calendar with a person',
	description: 'Lets another person see or edit a calendar',
	calls: [api.createAcl, ...PERSON_LOOKUPS],
	// The last level for a person counts, and one person can be written in several ways.
	serializeBy: ['user', 'calendarId'],
	findSubject: async (item) => await calendarOwner.read(item)(),
	findOverwritten: async (item) => [await granteeField.read(item).unionId()],
	properties: [
		...calendarOwner.properties,
		granteeField.property,
		{
			displayName: 'Access Level',
			name: 'privilege',
			type: 'options',
			default: 'free_busy_reader',
			options: privilegeOptions,
		},
		{
			displayName: 'Notify Person',
			name: 'notify',
			type: 'boolean',
			default: true,
			description: 'Whether DingTalk sends the person a message about the shared calendar',
		},
	],
	prepare(item) {
		const resolvePath = calendarOwner.read(item);
		const grantee = granteeField.read(item);
		const privilege = readChoice(item.value('privilege') ?? '', 'Access Level', PRIVILEGES);
		const sendMsg = readBoolean(item.value('notify') ?? true, 'Notify Person');

		return async () => {
			const userId = await grantee.unionId();
			const granted = await item.client.request<CreateAclResponse>(api.createAcl, {
				path: await resolvePath(),
				body: { privilege, sendMsg, scope: { scopeType: 'user', userId } },
				sentResult: { privilege },
				idempotencyKey: item.idempotencyKey('share', [userId, privilege]),
			});
			return { aclId: granted.aclId ?? null, privilege: granted.privilege ?? privilege, userId };
		};
	},
};
