/** Removes a credential's secrets from outside text before it becomes an error, a hint or output. */
import { t } from '../../locale/t';
const REPLACEMENT = t`[removed: a secret of the credential]`;
/** Anything shorter would be found in harmless text. */
export const MIN_SECRET_LENGTH = 6;
/** Anything deeper is no answer of DingTalk's. */
const MAX_DEPTH = 200;

/**
 * A text within another one that is in Base64, such as the header of a login, begins at any of three places in a group of
 * letters. What it shares its first and last letter with is left out.
 */
function inBase64(bytes: Buffer, encoding: 'base64' | 'base64url'): string[] {
	return [0, 1, 2].map((before) => {
		const text = Buffer.concat([Buffer.alloc(before), bytes])
			.toString(encoding)
			.replace(/={1,2}$/, '');
		const isShared = (before + bytes.length) % 3 > 0;
		return text.slice(before === 0 ? 0 : before + 1, isShared ? -1 : undefined);
	});
}

/** A secret as it may be quoted: as it is, in a URL, in JSON once or twice, in Base64, in hexadecimal digits. */
function spellingsOf(secret: string): string[] {
	const bytes = Buffer.from(secret);
	const inUrl = encodeURIComponent(bytes.toString());
	const inJson = JSON.stringify(secret).slice(1, -1);
	return [
		...[secret, inUrl, inUrl.replace(/%20/g, '+'), inUrl.replace(/%../g, (code) => code.toLowerCase())],
		...[inJson, inJson.replace(/\//g, '\\/'), JSON.stringify(inJson).slice(1, -1)],
		...inBase64(bytes, 'base64'),
		...inBase64(bytes, 'base64url'),
		...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
	];
}

/** One expression for all, because a list of events has thousands of texts. */
function createPattern(spellings: string[]): RegExp | undefined {
	const longestFirst = [...new Set(spellings)]
		.filter(({ length }) => length >= MIN_SECRET_LENGTH)
		.sort((a, b) => b.length - a.length);
	if (longestFirst.length === 0) return undefined;
	return new RegExp(longestFirst.map((one) => one.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

/** Returns a function that replaces the secrets wherever they are in a value; a value without any is returned as it is. */
export function createRedactor(secrets: ReadonlyArray<string | undefined>): <T>(value: T) => T {
	const pattern = createPattern([...new Set(secrets)].flatMap((secret) => (secret ? spellingsOf(secret) : [])));
	if (!pattern) return (value) => value;
	const inText = (text: string): string => text.replace(pattern, REPLACEMENT);
	const inValue = (value: unknown, depth: number): unknown => {
		if (typeof value === 'string') return inText(value);
		if (typeof value !== 'object' || value === null) return value;
		if (depth > MAX_DEPTH) return undefined;
		if (Array.isArray(value)) {
			const safe = value.map((one: unknown) => inValue(one, depth + 1));
			return safe.some((one, index) => one !== value[index]) ? safe : value;
		}
		const entries = Object.entries(value);
		const safe = entries.map(([key, one]): [string, unknown] => [inText(key), inValue(one, depth + 1)]);
		const isSame = safe.every(([key, one], index) => key === entries[index][0] && one === entries[index][1]);
		return isSame ? value : Object.fromEntries(safe);
	};
	return <T>(value: T): T => inValue(value, 0) as T;
}
