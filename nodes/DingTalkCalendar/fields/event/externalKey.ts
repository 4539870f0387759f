/** The key by which Create or Update recognizes an event, and the description that holds it. */
import { appendKey, canStoreKey, findForeignKey, withoutKey } from '../../../../lib/dingtalk/events/keyMarker';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { readText, readTextUpTo } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { t } from '../../../../lib/locale/t';

const MAX_KEY_LENGTH = 200;

export function readExternalKey(item: Item): string {
	const key = readText(item.value('externalKey') ?? '', 'External Key').trim();
	if (key === '')
		throw new InputError(
			'External Key',
			t`is empty`,
			t`Enter a value that identifies this event, for example an order number.`,
		);
	if (!canStoreKey(key) || key.length > MAX_KEY_LENGTH) {
		throw new InputError(
			'External Key',
			t`contains a line break, another control character or ], or more than ${MAX_KEY_LENGTH} characters`,
			t`Use a number or a short word.`,
		);
	}
	return key;
}

/** The description as it is sent: the text that was entered, and the key as its last line. */
export function readDescriptionWithKey(value: unknown, key: string): string {
	const text = withoutKey(readText(value ?? '', 'Description'), key);
	const foreignKey = findForeignKey(text, key);
	if (foreignKey !== undefined) {
		throw new InputError(
			'Description',
			t`contains the key line of another event: [key: ${foreignKey}]`,
			t`Remove this line, or write it differently. Otherwise, this event could be mistaken for the other one.`,
		);
	}
	return readTextUpTo(LIMITS.descriptionCharacters, appendKey(text, key), 'Description');
}
