import { api } from '../../../../lib/dingtalk/endpoints';
import { calendarTarget } from '../../fields/locators/eventPath';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { readBoolean, readChoice } from '../../../../lib/n8n/fields/primitives';
import { PRIVILEGES, privilegeOptions } from '../../fields/calendar/accessLevels';
import type { Operation } from '../../../../lib/n8n/Operation';

const owner = calendarTarget('Calendar Owner', 'Whose calendar to share');
const grantee = personField('Share With', 'Who gets to see the calendar', 'grantee');

interface Granted {
	aclId?: string;
	privilege?: string;
}

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: "Share a person's calendar with somebody",
	description: 'Let somebody see or edit a calendar',
	calls: [api.createAcl, ...PERSON_LOOKUPS],
	properties: [
		...owner.properties,
		grantee.property,
		{
			displayName: 'May Do',
			name: 'privilege',
			type: 'options',
			default: 'free_busy_reader',
			options: privilegeOptions,
		},
		{
			displayName: 'Tell the Person',
			name: 'notify',
			type: 'boolean',
			default: true,
			description: 'Whether DingTalk sends a message about it to the person',
		},
	],
	prepare(item) {
		const path = owner.read(item);
		const who = grantee.read(item);
		const privilege = readChoice(item.value('privilege') ?? '', 'May Do', PRIVILEGES);
		const sendMsg = readBoolean(item.value('notify') ?? true, 'Tell the Person');

		return async () => {
			const userId = await who.unionId();
			const granted = await item.client.request<Granted>(api.createAcl, {
				path: await path(),
				body: { privilege, sendMsg, scope: { scopeType: 'user', userId } },
				idempotencyKey: item.idempotencyKey('share', userId),
			});
			return { aclId: granted.aclId ?? null, privilege: granted.privilege ?? privilege, userId };
		};
	},
};
