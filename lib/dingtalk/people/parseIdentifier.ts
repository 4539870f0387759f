/** Tells union IDs, user IDs, mobile numbers, e-mail addresses and names apart; DingTalk does not report a mix-up. */
import { t } from '../../locale/t';

export type IdentifierKind =
	| 'unionId'
	| 'userId'
	| 'mobile'
	| 'email'
	| 'name'
	/** A user ID if a person has it, otherwise a name: `lily` may be either. */
	| 'userIdOrName'
	| 'me';

/** How the user wants the text to be read; `auto` detects the kind. */
export type IdentifyBy = 'auto' | Exclude<IdentifierKind, 'me' | 'userIdOrName'>;

export interface Identifier {
	kind: IdentifierKind;
	value: string;
	/** A name as it was typed, where `value` has half-width characters instead. */
	typed?: string;
}

/** The text cannot identify a person; `problem` says why. */
export interface InvalidIdentifier {
	problem: string;
}

/** Of `name <id>`, as other tools write people, only the ID counts. */
const extractBracketed = (text: string): string => /<([^<>]+)>\s*$/.exec(text)?.[1].trim() ?? text;

/** Chinese input methods produce full-width digits and punctuation. */
export const toHalfWidth = (text: string): string =>
	text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');

/** The country code 1 is separated, as in `1-415-555-2671`. Mainland numbers begin with 1 too, but without a separator. */
const NORTH_AMERICAN = /^1[\s\-().]/;
/** A number with a country code, or one that only looks like a mainland number. */
const FOREIGN_NUMBER = /^(?:\+\d[\s\-().]*|1[\s\-.]*\(?\d{3}\)?[\s\-.]+)(?:\d[\s\-().]*){6,}$/;

function parseMobile(text: string): string | undefined {
	if (NORTH_AMERICAN.test(text)) return undefined;
	const digits = text.replace(/[\s\-().]/g, '');
	const mainland = /^(?:(?:\+|00)?86)?(1[3-9]\d{9})$/.exec(digits);
	if (mainland) return mainland[1];
	// For numbers outside mainland China, DingTalk stores the country code, a hyphen and the number.
	const abroad = /^\+(\d{1,3})[\s-](\d[\d\s-]{4,})$/.exec(text.trim());
	return abroad ? `+${abroad[1]}-${abroad[2].replace(/\D/g, '')}` : undefined;
}

/** Such as `Anne-Marie-Schmidt`: a name, whose capitals begin its parts; in a union ID they can be anywhere. */
const CAPITALIZED_WORDS = /^[A-Z][a-z]+(?:[-_]?[A-Z][a-z]+){0,5}$/;

/** Union IDs are long and mix upper and lower case; user IDs are mostly digits or a short word. */
const looksLikeUnionId = (text: string): boolean =>
	/^[A-Za-z0-9+/=_-]{16,64}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && !CAPITALIZED_WORDS.test(text);

const UNION_ID = /^[A-Za-z0-9+/=_-]{1,64}$/;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$/;
const USER_ID = /^[\w.@-]{1,64}$/;
const MAX_NAME_LENGTH = 64;

/** A name contains at least one letter of any script. */
const looksLikeName = (text: string): boolean => /\p{L}/u.test(text) && text.length <= MAX_NAME_LENGTH;

export function parseIdentifier(raw: string, by: IdentifyBy, show: Show = redact): Identifier | InvalidIdentifier {
	const text = extractBracketed(toHalfWidth(raw).trim());
	const typed = extractBracketed(raw.trim());
	const asTyped = typed === text ? {} : { typed };
	const mobile = parseMobile(text);
	if ((by === 'auto' || by === 'mobile') && mobile === undefined && FOREIGN_NUMBER.test(text)) {
		return { problem: t`'${show(raw, maskNumber)}' is not a valid mobile number; ${FOREIGN_FORM}` };
	}
	switch (by) {
		case 'unionId': {
			const otherKind = mobile !== undefined ? t`a mobile number` : /^\d+$/.test(text) ? t`a user ID` : undefined;
			if (otherKind) return { problem: t`'${show(raw)}' is ${otherKind}, not a union ID` };
			if (!UNION_ID.test(text)) return { problem: t`'${show(raw)}' is not a union ID` };
			return { kind: 'unionId', value: text };
		}
		case 'userId':
			return { kind: 'userId', value: text };
		case 'mobile':
			// A number with a digit too many is private as well.
			return mobile
				? { kind: 'mobile', value: mobile }
				: { problem: t`'${show(raw, maskNumber)}' is not a mobile number` };
		case 'email':
			return EMAIL.test(text)
				? { kind: 'email', value: text }
				: { problem: t`'${show(raw)}' is not an e-mail address` };
		case 'name':
			return looksLikeName(text)
				? { kind: 'name', value: text, ...asTyped }
				: { problem: t`'${show(raw)}' is not a name` };
		case 'auto':
			return (
				withTyped(detectKind(text, mobile), asTyped) ?? {
					problem: t`'${show(raw)}' is not a mobile number, an e-mail address, an ID or a name`,
				}
			);
	}
}

const FOREIGN_FORM = t`outside mainland China, write +, the country code, a hyphen and the number, such as +1-4155550100`;

/** IDs, numbers and addresses have no full-width characters, but a name may be stored with them. */
const withTyped = (found: Identifier | undefined, asTyped: Pick<Identifier, 'typed'>): Identifier | undefined =>
	found && ['name', 'userIdOrName'].includes(found.kind) ? { ...found, ...asTyped } : found;

/** Detects the kind of a text, trying the most certain kinds first. */
function detectKind(text: string, mobile: string | undefined): Identifier | undefined {
	if (text === 'me') return { kind: 'me', value: text };
	if (mobile) return { kind: 'mobile', value: mobile };
	if (EMAIL.test(text)) return { kind: 'email', value: text };
	if (looksLikeUnionId(text)) return { kind: 'unionId', value: text };
	if (/^\d{1,64}$/.test(text)) return { kind: 'userId', value: text };
	if (USER_ID.test(text) && /[A-Za-z0-9]/.test(text)) return { kind: 'userIdOrName', value: text };
	return looksLikeName(text) ? { kind: 'name', value: text } : undefined;
}

const MAX_SHOWN_LENGTH = 40;

/** At least seven digits, with any separators between them. */
const PHONE_LIKE_NUMBER = /\+?\d(?:[\s\-().]*\d){6,}/g;
const MOBILE = /(?<!\d)1[\s\-().]*[3-9](?:[\s\-().]*\d){9}(?!\d)/g;

/** Short numbers keep only their last four digits, as the first three would reveal too much. */
export const maskNumber = (number: string): string =>
	`${number.length > 9 ? number.slice(0, 3) : ''}****${number.slice(-4)}`;

/** Masks mobile numbers among digits; an ID stays as it is. */
const maskMobiles = (number: string): string =>
	number.startsWith('+') || parseMobile(number) ? maskNumber(number) : number.replace(MOBILE, maskNumber);

/** How error messages repeat what was typed. */
export type Show = (raw: string, mask?: (number: string) => string) => string;

const shortenShown = (text: string): string => {
	const characters = [...text];
	return characters.length > MAX_SHOWN_LENGTH ? `${characters.slice(0, MAX_SHOWN_LENGTH).join('')}…` : text;
};

/** For the person who typed it, who has to find the wrong digit. */
export const showAsTyped: Show = (raw) => shortenShown(raw);

/** Masks the mobile numbers of a longer text. */
export const maskNumbers = (text: string): string => text.replace(PHONE_LIKE_NUMBER, maskMobiles);

/** For logs and lists: shortens a text and masks mobile numbers, which are private. */
export function redact(raw: string, mask: (number: string) => string = maskMobiles): string {
	const halfWidth = toHalfWidth(raw);
	const text = halfWidth.replace(PHONE_LIKE_NUMBER, mask);
	// Between full-width digits, a number would not look masked.
	return shortenShown(text === halfWidth && !/[\uff10-\uff19]/.test(raw) ? raw : text);
}
