/** Tells which items of a run are about the same thing, so that they run one after the other. */
import type { Item } from './ItemContext';
import type { Operation } from './Operation';

/** The names of what an item is about, whether its fields come as text or as numbers; none if that is nothing in common. */
export function namesOf(item: Item, { serializeBy = ['eventId'], alsoSerializeBy }: Operation): string[] {
	const values = serializeBy.map((field) => item.value(field)).filter((value) => value !== undefined);
	const others = alsoSerializeBy?.(item) ?? [];
	const trimmed = values.map((value) => String(value).trim());
	return [...(values.length > 0 ? [trimmed] : []), ...others.map((other) => ({ other }))].map((name) =>
		JSON.stringify(name),
	);
}

/** One name for all items that share a name, also by way of other items; undefined for items without one. */
export function joinSubjects(names: string[][]): Array<string | undefined> {
	const parents = new Map<string, string>();
	const rootOf = (name: string): string => {
		let root = name;
		for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
		return root;
	};
	for (const [first, ...others] of names) {
		for (const other of others) {
			const root = rootOf(other);
			if (root !== rootOf(first)) parents.set(root, rootOf(first));
		}
	}
	return names.map(([first]) => (first === undefined ? undefined : rootOf(first)));
}
