/** Cancels an event for everyone, through a call that DingTalk does not document. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { applyToProperties, END_CALLS, readScope } from '../../fields/series/applyTo';
import { deleteSeriesPart } from '../../fields/series/deleteSeriesPart';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { InputError } from '../../../../lib/n8n/InputError';
import { readText } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const event = eventTarget('Organizer', 'The person who organizes the event');

export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel an event for everyone',
	description:
		"Cancels an event for everyone, as its organizer. DingTalk does not document this call; 'Delete' does the same and is documented.",
	calls: [api.cancelEvent, ...END_CALLS, ...EVENT_LOOKUPS],
	findOverwritten: async () => await Promise.resolve([]),
	properties: [
		...event.properties,
		...applyToProperties(
			'The series ends before this date; earlier dates stay. Only as the organizer. Costs four calls: two to read the series, one to list its earlier dates, one to end it; more for over 100 dates, or to keep earlier occurrences that were changed individually.',
		),
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
		const applyTo = readScope(item);
		const scopeInput = item.collection('options').scope;
		const scope = scopeInput === undefined ? undefined : readText(scopeInput, 'Scope') || undefined;

		if (scope !== undefined && applyTo?.applyTo === 'thisAndFollowing') {
			throw new InputError(
				'Scope',
				t`cannot be used with 'Apply To' This and Following, which changes the end of the series`,
				t`Remove 'Scope', or choose another value in 'Apply To'.`,
			);
		}

		return async () => {
			const path = await resolvePath();
			const more = await deleteSeriesPart(item, {
				path,
				scope: applyTo,
				async remove(target) {
					await item.client.request(api.cancelEvent, {
						path: target,
						query: { scope },
						idempotencyKey: item.idempotencyKey('cancel', [target.eventId, scope]),
					});
				},
			});
			return { cancelled: true, id: path.eventId, ...more };
		};
	},
};
