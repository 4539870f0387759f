import { api } from '../../../../lib/dingtalk/endpoints';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readText } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'Who created the event');

export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel an event for everybody',
	description:
		"Call an event off as its organizer. DingTalk does not document this call; 'Delete' does the same and is documented.",
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
						"Passed to DingTalk as it is. DingTalk's SDK has this parameter but says nothing about its values.",
				},
			],
		},
	],
	prepare(item) {
		const path = event.read(item);
		const typed = item.collection('options').scope;
		const scope = typed === undefined ? undefined : readText(typed, 'Scope') || undefined;

		return async () => {
			const target = await path();
			await item.client.request(api.cancelEvent, {
				path: target,
				query: { scope },
				idempotencyKey: item.idempotencyKey('cancel', [target.eventId, scope]),
			});
			return { cancelled: true, id: target.eventId };
		};
	},
};
