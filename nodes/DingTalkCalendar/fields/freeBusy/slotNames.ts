/** The names of people in the output of Find Common Free Time, with as few lookups as possible. */
import type { Item } from '../../../../lib/n8n/ItemContext';
import { formatPerson, type PersonReference } from '../../../../lib/n8n/fields/people';
import { toListEntry } from '../../../../lib/n8n/fields/primitives';

/** Each name takes two free calls, of which DingTalk allows twenty a second. */
const MAX_LOOKUPS = 50;

export interface Names {
	/** The name of a person; looks it up if it is not known. */
	nameOf(id: string): Promise<string>;
	/** The attendees as the fields for people accept them, such as `Zhang Wei <ID>`. */
	labels: ReadonlyMap<string, string>;
}

/** Of `name <ID>`, only the name. */
const withoutId = (typed: string): string => typed.replace(/<[^<>]*>\s*$/, '').trim();

export async function readNames(item: Item, typed: readonly PersonReference[], ids: readonly string[]): Promise<Names> {
	const typedNames = new Map(
		await Promise.all(
			typed.map(async (person): Promise<[string, string | undefined]> => [
				await person.unionId(),
				withoutId(person.typed) || undefined,
			]),
		),
	);
	const lookUp = async (id: string): Promise<string | undefined> =>
		(await item.directory.nameOf(id)) ?? typedNames.get(id);
	const labelOf = async (id: string, position: number): Promise<[string, string]> => {
		const name = (position < MAX_LOOKUPS ? await lookUp(id) : typedNames.get(id)) ?? '';
		return [id, formatPerson({ id, displayName: name === id ? '' : toListEntry(name) })];
	};
	return { nameOf: async (id) => (await lookUp(id)) ?? id, labels: new Map(await Promise.all(ids.map(labelOf))) };
}
