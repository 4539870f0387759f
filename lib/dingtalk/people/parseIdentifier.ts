/** What a string that names a person is. DingTalk has several kinds of names for one human, and mixes them up silently. */

export type IdKind =
	| 'unionId'
	| 'userId'
	| 'mobile'
	| 'email'
	| 'name'
	/** A user ID if somebody has it, else a name: `lily` may be either. */
	| 'word'
	| 'me';

/** How the user says that the text must be read; `auto` lets `identify` decide. */
export type IdentifyBy = 'auto' | Exclude<IdKind, 'me' | 'word'>;

export interface Identified {
	kind: IdKind;
	value: string;
}

/** Why a text cannot be read as a person. */
export interface Unclear {
	problem: string;
}

/** `name <id>` as other tools write people: the id counts. */
const insideBrackets = (text: string): string => /<([^<>]+)>\s*$/.exec(text)?.[1].trim() ?? text;

/** Full-width digits and signs come from Chinese keyboards. */
export const halfWidth = (text: string): string =>
	text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');

function asMobile(text: string): string | undefined {
	const digits = text.replace(/[\s\-().]/g, '');
	const mainland = /^(?:(?:\+|00)?86)?(1[3-9]\d{9})$/.exec(digits);
	if (mainland) return mainland[1];
	// Outside mainland China DingTalk stores the country code, a hyphen and the number.
	const abroad = /^\+(\d{1,3})[\s-](\d[\d\s-]{4,})$/.exec(text.trim());
	return abroad ? `+${abroad[1]}-${abroad[2].replace(/\D/g, '')}` : undefined;
}

/** Union IDs are long and mix upper and lower case; user IDs are mostly digits, or a short word. */
const looksLikeUnionId = (text: string): boolean =>
	/^[A-Za-z0-9+/=_-]{16,64}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);

const UNION_ID = /^[A-Za-z0-9+/=_-]{1,64}$/;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$/;
const USER_ID = /^[\w.@-]{1,64}$/;
const LONGEST_NAME = 64;

/** A name has letters in it, of whatever script; marks and signs alone are nobody's. */
const looksLikeName = (text: string): boolean => /\p{L}/u.test(text) && text.length <= LONGEST_NAME;

export function identify(raw: string, by: IdentifyBy): Identified | Unclear {
	const text = insideBrackets(halfWidth(raw).trim());
	const mobile = asMobile(text);
	switch (by) {
		case 'unionId': {
			const clearly = mobile !== undefined ? 'a mobile number' : /^\d+$/.test(text) ? 'a user ID' : undefined;
			if (clearly) return { problem: `'${shown(raw)}' is ${clearly}, not a union ID` };
			if (!UNION_ID.test(text)) return { problem: `'${shown(raw)}' is not a union ID` };
			return { kind: 'unionId', value: text };
		}
		case 'userId':
			return { kind: 'userId', value: text };
		case 'mobile':
			// What was meant as a number is private too where it has a digit too many.
			return mobile ? { kind: 'mobile', value: mobile } : { problem: `'${shown(raw, endsOf)}' is not a mobile number` };
		case 'email':
			return EMAIL.test(text)
				? { kind: 'email', value: text }
				: { problem: `'${shown(raw)}' is not an e-mail address` };
		case 'name':
			return looksLikeName(text) ? { kind: 'name', value: text } : { problem: `'${shown(raw)}' is not a name` };
		case 'auto':
			return (
				decided(text, mobile) ?? {
					problem: `'${shown(raw)}' is not a mobile number, an e-mail address, an ID or a name`,
				}
			);
	}
}

/** The one rule that tells what a text is, from the most certain kind to the least. */
function decided(text: string, mobile: string | undefined): Identified | undefined {
	if (text === 'me') return { kind: 'me', value: text };
	if (mobile) return { kind: 'mobile', value: mobile };
	if (EMAIL.test(text)) return { kind: 'email', value: text };
	if (looksLikeUnionId(text)) return { kind: 'unionId', value: text };
	if (/^\d{1,64}$/.test(text)) return { kind: 'userId', value: text };
	if (USER_ID.test(text) && /[A-Za-z0-9]/.test(text)) return { kind: 'word', value: text };
	return looksLikeName(text) ? { kind: 'name', value: text } : undefined;
}

const LONGEST_SHOWN = 40;

/** Digits, whatever people put between them. */
const NUMBER = /\+?\d(?:[\s\-().]*\d){6,}/g;
const MOBILE = /(?<!\d)1[\s\-().]*[3-9](?:[\s\-().]*\d){9}(?!\d)/g;

/** Where the ends would be most of the number, the last of them has to do. */
export const endsOf = (number: string): string =>
	`${number.length > 9 ? number.slice(0, 3) : ''}****${number.slice(-4)}`;

/** What is a mobile number among digits; an ID stays as it is. */
const mobilesIn = (number: string): string =>
	number.startsWith('+') || asMobile(number) ? endsOf(number) : number.replace(MOBILE, endsOf);

/** A mobile number is somebody's private data, so messages show only its ends; and nobody reads a message of a page. */
export function shown(raw: string, hide: (number: string) => string = mobilesIn): string {
	const discreet = [...halfWidth(raw).replace(NUMBER, hide)];
	return discreet.length > LONGEST_SHOWN ? `${discreet.slice(0, LONGEST_SHOWN).join('')}…` : discreet.join('');
}
