/**
 * The name that another system has for an event. DingTalk keeps nothing for its callers but the text of the event, so the
 * name stands there, on a line of its own.
 */
const LINE = /^\[key: (.+)\][ \t]*$/m;

const line = (key: string): string => `[key: ${key}]`;

/** DingTalk's apps may end lines their own way. */
const plain = (text = ''): string => text.replace(/\r\n?/g, '\n').trimEnd();

export const keyIn = (description: string | undefined): string | undefined => LINE.exec(plain(description))?.[1];

export const withKey = (description: string, key: string): string =>
	[plain(description), line(key)].filter((part) => part !== '').join('\n\n');

export const sameText = (a: string | undefined, b: string | undefined): boolean => plain(a) === plain(b);
