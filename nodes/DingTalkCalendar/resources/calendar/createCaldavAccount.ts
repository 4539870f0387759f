/** Creates a CalDAV account, with which a calendar app reads and writes a person's DingTalk calendar. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { readText } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const owner = personField('Person', 'The person whose calendar the account opens');

interface CaldavAccount {
	username?: string;
	password?: string;
	serverAddress?: string;
}

export const createCaldavAccount: Operation = {
	value: 'createCaldavAccount',
	name: 'Create CalDAV Account',
	action: 'Create a CalDAV account for a calendar',
	description:
		"Creates the user name and password with which a calendar app opens a person's calendar. DingTalk does not document this call.",
	calls: [api.createCaldavAccount, ...PERSON_LOOKUPS],
	properties: [
		{
			displayName:
				"The output contains a <b>password</b> that opens the person's calendar. n8n stores it with the execution unless you turn off saving executions in the workflow's settings. Pass it on only to that person.",
			name: 'caldavNotice',
			type: 'notice',
			default: '',
		},
		owner.property,
		{
			displayName: 'Device',
			name: 'device',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. MacBook of Zhang Wei',
			description: 'The name by which the person recognizes the device in DingTalk',
		},
	],
	prepare(item) {
		const person = owner.read(item);
		const device = readText(item.value('device') ?? '', 'Device').trim();
		if (device === '') throw new InputError('Device', t`is empty`, t`Enter a name for the device or the app.`);

		return async () => {
			const path = { userId: await person.unionId() };
			const { username, password, serverAddress } = await item.client.request<CaldavAccount>(api.createCaldavAccount, {
				path,
				body: { device },
				idempotencyKey: item.idempotencyKey('caldav', path),
			});
			return { username: username ?? null, password: password ?? null, serverAddress: serverAddress ?? null };
		};
	},
};
