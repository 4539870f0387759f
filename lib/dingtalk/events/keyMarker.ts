/**
 * Stores an external key in the description of an event, on a line of its own: DingTalk has no other field for custom data
 * that every app shows and returns.
 */
const KEY_LINE = /^\[key: (.+)\][ \t]*$/m;

const formatKeyLine = (key: string): string => `[key: ${key}]`;

/** DingTalk's apps use different line endings. */
const normalizeText = (text = ''): string => text.replace(/\r\n?/g, '\n').trimEnd();

export const readKey = (description: string | undefined): string | undefined =>
	KEY_LINE.exec(normalizeText(description))?.[1];

export const appendKey = (description: string, key: string): string =>
	[normalizeText(description), formatKeyLine(key)].filter((part) => part !== '').join('\n\n');

export const isSameText = (a: string | undefined, b: string | undefined): boolean =>
	normalizeText(a) === normalizeText(b);
