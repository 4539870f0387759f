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

/** One expression for all, because a list of events has thousands of texts; most of them are shorter than any secret. */
function createPattern(spellings: string[]): { pattern: RegExp; shortest: number } | undefined {
	const longestFirst = [...new Set(spellings)]
		.filter(({ length }) => length >= MIN_SECRET_LENGTH)
		.sort((a, b) => b.length - a.length);
	const shortest = longestFirst.at(-1)?.length;
	if (shortest === undefined) return undefined;
	const source = longestFirst.map((one) => one.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|');
	return { pattern: new RegExp(source, 'g'), shortest };
}

/** Returns a function that replaces the secrets wherever they are in a value; a value without any is returned as it is. */
export function createRedactor(secrets: ReadonlyArray<string | undefined>): <T>(value: T) => T {
	const found = createPattern([...new Set(secrets)].flatMap((secret) => (secret ? spellingsOf(secret) : [])));
	if (!found) return (value) => value;
	const { pattern, shortest } = found;
	const inText = (text: string): string => (text.length < shortest ? text : text.replace(pattern, REPLACEMENT));
	const inValue = (value: unknown, depth: number): unknown => {
		if (typeof value === 'string') return inText(value);
		if (typeof value !== 'object' || value === null) return value;
		if (depth > MAX_DEPTH) return undefined;
		if (Array.isArray(value)) {
			const safe = value.map((one: unknown) => inValue(one, depth + 1));
			return safe.some((one, index) => one !== value[index]) ? safe : value;
		}
		const fields = value as Record<string, unknown>;
		const keys = Object.keys(fields);
		const safe = keys.map((key) => inValue(fields[key], depth + 1));
		const isSame = keys.every((key, index) => safe[index] === fields[key] && inText(key) === key);
		return isSame ? value : Object.fromEntries(keys.map((key, index) => [inText(key), safe[index]]));
	};
	return <T>(value: T): T => inValue(value, 0) as T;
}
