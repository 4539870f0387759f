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

/** Most values are under these keys, which show nothing. */
const SILENT = new Set(['displayOptions', 'noDataExpression', 'required', 'routing', 'type', 'validateType', 'value']);

/** Operations share fields, and fields share lists of options; each is translated once. */
type Done = Map<object, object>;

/** Returns the object itself where all that it shows is in this language already, as most is since the build. */
function translateAll<T extends object>(holder: T, done: Done, holderKey = ''): T {
	const known = done.get(holder);
	if (known) return known as T;
	// What others share, such as n8n's own fields, stays as it is.
	const translated = Array.isArray(holder) ? translateList(holder, done) : translateObject(holder, done, holderKey);
	done.set(holder, translated);
	return translated as T;
}

function translateList(list: unknown[], done: Done): unknown[] {
	const translated = list.map((value) => (typeof value === 'object' && value ? translateAll(value, done) : value));
	return translated.every((value, index) => value === list[index]) ? list : translated;
}

/**
 * This takes part of the time in which n8n starts: a loop that does little itself, so that Node.js, which sees it run often,
 * does not compile everything that it calls into it. That took longer than the translation.
 */
function translateObject(holder: object, done: Done, holderKey: string): object {
	const values = holder as Record<string, unknown>;
	let changes: Record<string, unknown> | undefined;
	for (const key in values) {
		if (SILENT.has(key)) continue;
		const value = values[key];
		const translated = translators[typeof value]?.(value, key, holder, holderKey, done) ?? value;
		if (translated !== value) (changes ??= {})[key] = translated;
	}
	return changes ? { ...holder, ...changes } : holder;
}

type Translator = (value: unknown, key: string, holder: object, holderKey: string, done: Done) => unknown;

/** By the type of the value. */
const translators: Partial<Record<string, Translator>> = {
	string: (text, key, holder, holderKey) => (isShown(key, holder, holderKey) ? translate(text as string) : text),
	object: (value, key, _holder, _holderKey, done) => (value ? translateAll(value, done, key) : value),
};

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
