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
export const isShown = (key: string, holder: object, holderKey: string): boolean =>
	SHOWN.has(key) || (key === 'name' && (holderKey === 'defaults' || ('value' in holder && !('displayName' in holder))));

/** Operations share fields, and fields share lists of options; each is translated once. */
type Done = Map<object, object>;

/** Returns the object itself where all that it shows is in this language already, as most is since the build. */
function translateAll<T extends object>(holder: T, done: Done, holderKey = ''): T {
	const known = done.get(holder);
	if (known) return known as T;
	const values = holder as Record<string, unknown>;
	let copy: Record<string, unknown> | undefined;
	// A loop, because this takes part of the time in which n8n starts.
	for (const key in values) {
		const value = values[key];
		const translated =
			typeof value === 'string' ? translateText(value, key, holder, holderKey) : translateInner(value, done, key);
		if (translated === value) continue;
		// What others share, such as n8n's own fields, stays as it is.
		copy ??= (Array.isArray(holder) ? holder.slice() : { ...holder }) as Record<string, unknown>;
		copy[key] = translated;
	}
	done.set(holder, copy ?? holder);
	return (copy ?? holder) as T;
}

const translateText = (text: string, key: string, holder: object, holderKey: string): string =>
	isShown(key, holder, holderKey) ? translate(text) : text;

/** More than half of the objects of a description say when a field is shown, and have nothing to show themselves. */
const translateInner = (value: unknown, done: Done, key: string): unknown =>
	typeof value === 'object' && value !== null && key !== 'displayOptions' ? translateAll(value, done, key) : value;

/** A list of fields that is created anew on each access stays so: n8n adds to the one that it gets. */
function translateNode<T extends object>(description: T): T {
	const copy = { ...translateAll(description, new Map()) };
	for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(description)))
		if (get)
			Object.defineProperty(copy, key, {
				get: () => translateAll(get.call(description) as object, new Map()),
				enumerable: true,
			});
	return copy;
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
		description && { description: translateNode(description) },
		displayName !== undefined && { displayName: translate(displayName) },
		properties && { properties: translateAll(properties, new Map()) },
	);
}
