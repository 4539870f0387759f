/**
 * The name that another system has for an event. DingTalk keeps nothing for its callers but the text of the event, so the
 * name stands there, on a line of its own.
 */
const KEY_LINE = /^\[key: (.+)\][ \t]*$/m;

const formatKeyLine = (key: string): string => `[key: ${key}]`;

/** DingTalk's apps may end lines their own way. */
const normalizeText = (text = ''): string => text.replace(/\r\n?/g, '\n').trimEnd();

export const readKey = (description: string | undefined): string | undefined =>
	KEY_LINE.exec(normalizeText(description))?.[1];

export const appendKey = (description: string, key: string): string =>
	[normalizeText(description), formatKeyLine(key)].filter((part) => part !== '').join('\n\n');

export const isSameText = (a: string | undefined, b: string | undefined): boolean =>
	normalizeText(a) === normalizeText(b);
