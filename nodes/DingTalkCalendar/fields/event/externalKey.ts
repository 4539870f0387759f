/** The key by which Create or Update recognizes an event. */
import { readText } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';

const MAX_KEY_LENGTH = 200;

export function readExternalKey(item: Item): string {
	const key = readText(item.value('externalKey') ?? '', 'External Key').trim();
	if (key === '')
		throw new InputError(
			'External Key',
			'is empty',
			'Enter a value that identifies this event, for example an order number.',
		);
	if (/[\r\n\]]/.test(key) || key.length > MAX_KEY_LENGTH) {
		throw new InputError(
			'External Key',
			`contains a line break or ], or more than ${MAX_KEY_LENGTH} characters`,
			'Use a number or a short word.',
		);
	}
	return key;
}
