/** Cancels an event for everyone, through a call that DingTalk does not document. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readText } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'The person who organizes the event');

export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel an event for everyone',
	description:
		"Cancels an event for everyone, as its organizer. DingTalk does not document this call; 'Delete' does the same and is documented.",
	calls: [api.cancelEvent, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Scope',
					name: 'scope',
					type: 'string',
					default: '',
					description:
						"Passed to DingTalk unchanged. DingTalk's SDK has this parameter but does not document its values.",
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const scopeInput = item.collection('options').scope;
		const scope = scopeInput === undefined ? undefined : readText(scopeInput, 'Scope') || undefined;

		return async () => {
			const path = await resolvePath();
			await item.client.request(api.cancelEvent, {
				path,
				query: { scope },
				idempotencyKey: item.idempotencyKey('cancel', [path.eventId, scope]),
			});
			return { cancelled: true, id: path.eventId };
		};
	},
};
