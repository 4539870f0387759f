/**
 * Stores an external key in the description of an event, on a line of its own: DingTalk has no other field for custom data
 * that every app shows and returns.
 */
const KEY_LINE = /^\[key: (.+)\][ \t]*$/gm;

const formatKeyLine = (key: string): string => `[key: ${key}]`;

/** DingTalk's apps use different line endings. */
const normalizeText = (text = ''): string => text.replace(/\r\n?/g, '\n').trimEnd();

const readKeys = (description: string | undefined): string[] =>
	[...normalizeText(description).matchAll(KEY_LINE)].map(([, key]) => key);

/** The key in the last line. A key line above it may be quoted from another event. */
export function readKey(description: string | undefined): string | undefined {
	const text = normalizeText(description);
	return readKeys(text.slice(text.lastIndexOf('\n') + 1)).at(0);
}

export const appendKey = (description: string, key: string): string =>
	[normalizeText(description), formatKeyLine(key)].filter((part) => part !== '').join('\n\n');

/** The text without this key at its end, as text has it that was read from the event. */
export function withoutKey(description: string, key: string): string {
	const text = normalizeText(description);
	const line = formatKeyLine(key);
	return text === line || text.endsWith(`\n${line}`) ? text.slice(0, -line.length).trimEnd() : text;
}

/** The text with the key as its last line, where it had the key in a line further up, or not at all. */
export const moveKeyToEnd = (description: string, key: string): string =>
	appendKey(
		normalizeText(description)
			.split('\n')
			.filter((line) => line.trimEnd() !== formatKeyLine(key))
			.join('\n'),
		key,
	);

/** A key of another event in the text. Without the line below it, the text would belong to that event. */
export const findForeignKey = (description: string, key: string): string | undefined =>
	readKeys(description).find((other) => other !== key);

/** Line breaks and other control characters, and halves of characters, do not survive on their way to DingTalk and back. */
const UNSTORABLE = /(?!\t)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\]]/u;

/** Whether the key is found in a description that it was appended to. */
export const canStoreKey = (key: string): boolean => key !== '' && key === key.trim() && !UNSTORABLE.test(key);

export const isSameText = (a: string | undefined, b: string | undefined): boolean =>
	normalizeText(a) === normalizeText(b);
