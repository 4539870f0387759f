/** Puts the description of a node or a credential into the language of this edition, in one place, when its class is made. */
import { catalogue } from '../locale/catalogue';
import { translate } from '../locale/t';

/** What the editor shows of a description. Everything else is names and values, which are the same in each edition. */
const SHOWN = new Set([
	'action',
	'activationMessage',
	'cachedResultName',
	'description',
	'displayName',
	'errorMessage',
	'eventTriggerDescription',
	'hint',
	'message',
	'multipleValueButtonText',
	'placeholder',
	'subtitle',
]);

/** The name of an option and the name that a new node gets are shown; other names are what workflows store. */
const isShown = (key: string, holder: object, holderKey: string): boolean =>
	SHOWN.has(key) || (key === 'name' && (holderKey === 'defaults' || ('value' in holder && !('displayName' in holder))));

/** Getters stay getters: n8n adds to a list of fields that it gets once. */
function translateAll<T extends object>(holder: T, holderKey = ''): T {
	const copy: object = Array.isArray(holder) ? [] : {};
	const translateMember = (key: string, value: unknown): unknown => {
		if (typeof value === 'string') return isShown(key, holder, holderKey) ? translate(value) : value;
		return typeof value === 'object' && value !== null ? translateAll(value, key) : value;
	};
	for (const [key, { get, value, writable, ...rest }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
		Object.defineProperty(
			copy,
			key,
			get
				? { ...rest, get: () => translateMember(key, get.call(holder)) }
				: { ...rest, writable, value: translateMember(key, value) },
		);
	}
	return copy as T;
}

/** What a node or a credential consists of for the editor. */
interface Described {
	description?: object;
	displayName?: string;
	properties?: object[];
}

/** Called by the constructor of each node and credential; the English edition has nothing to do. */
export function showInOwnLanguage(described: Described): void {
	if (catalogue.language === 'en') return;
	const { description, displayName, properties } = described;
	Object.assign(
		described,
		description && { description: translateAll(description) },
		displayName !== undefined && { displayName: translate(displayName) },
		properties && { properties: translateAll(properties) },
	);
}
