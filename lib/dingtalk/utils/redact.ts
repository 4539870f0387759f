/** Removes a credential's secrets from outside text before it becomes an error, a hint or output. */
import { t } from '../../locale/t';
const REPLACEMENT = t`[removed: a secret of the credential]`;
/** Anything shorter would be found in harmless text. */
const MIN_LENGTH = 6;
/** Anything deeper is no answer of DingTalk's. */
const MAX_DEPTH = 200;

/** A secret as it may be quoted: as it is, in a URL, in JSON, in Base64. */
const spellingsOf = (secret: string): string[] => [
	secret,
	encodeURIComponent(Buffer.from(secret).toString()),
	JSON.stringify(secret).slice(1, -1),
	Buffer.from(secret).toString('base64').replace(/=+$/, ''),
];

/** Returns a function that replaces the secrets wherever they are in a value; a value without any is returned as it is. */
export function createRedactor(secrets: ReadonlyArray<string | undefined>): <T>(value: T) => T {
	const spellings = [...new Set(secrets.flatMap((secret) => (secret ? spellingsOf(secret) : [])))]
		.filter(({ length }) => length >= MIN_LENGTH)
		.sort((a, b) => b.length - a.length);
	const inText = (text: string): string => {
		let safe = text;
		for (const spelling of spellings) if (safe.includes(spelling)) safe = safe.replaceAll(spelling, REPLACEMENT);
		return safe;
	};
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
	return <T>(value: T): T => (spellings.length === 0 ? value : (inValue(value, 0) as T));
}
