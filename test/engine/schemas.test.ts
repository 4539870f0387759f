/** Tests that the output of every operation, and its example in the documentation, match its __schema__ file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import { resources } from '../../nodes/DingTalkCalendar/resources';
import { errorOf } from './harness';
import { CASES } from './support/cases';
import { useDesk } from './support/setup';

interface Schema {
	type: string;
	properties?: Record<string, Schema>;
	items?: Schema;
}

const desk = useDesk();

const schemaOf = (id: string): Schema => {
	const file = join(__dirname, '../../nodes/DingTalkCalendar/__schema__/v1.0.0', `${id.replace('.', '/')}.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as Schema;
};

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

/** Where a value is not what the schema says; nothing is known of null, which any part may be. */
function differences(value: unknown, schema: Schema, place = 'item'): string[] {
	if (value === null) return [];
	if (typeOf(value) !== schema.type) return [`${place} is ${typeOf(value)}, not ${schema.type}`];
	if (Array.isArray(value)) {
		return value.flatMap((entry, i) =>
			schema.items ? differences(entry, schema.items, `${place}[${i}]`) : [`${place} has no items`],
		);
	}
	if (schema.type !== 'object') return [];
	const fields = value as IDataObject;
	const known = schema.properties ?? {};
	return [...new Set([...Object.keys(fields), ...Object.keys(known)])].flatMap((name) => {
		if (!(name in known)) return [`${place}.${name} is not in the schema`];
		if (!(name in fields)) return [`${place}.${name} is missing`];
		return differences(fields[name], known[name], `${place}.${name}`);
	});
}

/** Names of parts that stay empty, so that their type would not be seen. */
const unseen = (value: unknown, place = 'item'): string[] => {
	if (Array.isArray(value))
		return value.length === 0 ? [place] : value.flatMap((entry, i) => unseen(entry, `${place}[${i}]`));
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, part]) => unseen(part, `${place}.${name}`));
};

/** One item of each operation's output, for its page. `EXAMPLES=write` adds those that are missing. */
const EXAMPLES = join(__dirname, '../docs/outputExamples.json');
const examples = JSON.parse(readFileSync(EXAMPLES, 'utf8')) as Record<string, IDataObject>;
const writesExamples = process.env.EXAMPLES === 'write';

/** Short enough to read: the first entry of each list, and the beginning of each long text. */
function shortened(value: unknown): unknown {
	if (Array.isArray(value)) return value.slice(0, 1).map(shortened);
	if (typeof value === 'string') return value.length > 100 ? `${value.slice(0, 100)}…` : value;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shortened(part)]));
}

const ids = resources.flatMap(({ value, operations }) => operations.map((operation) => `${value}.${operation.value}`));

describe('the output of an operation', () => {
	afterAll(() => {
		if (writesExamples) writeFileSync(EXAMPLES, `${JSON.stringify(examples, null, 2)}\n`);
	});

	it('is checked for every operation and for no other', () => {
		expect(Object.keys(CASES).sort()).toEqual([...ids].sort());
	});

	it.each(ids)('has the fields and types of its __schema__ file (%s)', async (id) => {
		const [resource, operation] = id.split('.');
		const { run, items } = await desk().runNode({
			parameters: { resource, operation, user: desk().people[0].unionId, ...CASES[id](desk()) },
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items.length).toBeGreaterThan(0);
		const schema = schemaOf(id);
		expect(items.flatMap((item) => differences(item, schema))).toEqual([]);
		expect(unseen(items[0])).toEqual([]);
		if (writesExamples) examples[id] ??= shortened(items[0]) as IDataObject;
	});

	it.each(ids)('has an example with the same fields (%s)', (id) => {
		expect(examples).toHaveProperty([id]);
		expect(differences(examples[id], schemaOf(id))).toEqual([]);
		expect(unseen(examples[id])).toEqual([]);
	});

	it('has no example of an operation that is gone', () => {
		expect(Object.keys(examples).filter((id) => !ids.includes(id))).toEqual([]);
	});

	it('fails the check with an extra, missing or different field or type', () => {
		const schema: Schema = {
			type: 'object',
			properties: { id: { type: 'string' }, rows: { type: 'array', items: { type: 'number' } } },
		};
		expect(differences({ id: 'a', rows: [1] }, schema)).toEqual([]);
		expect(differences({ id: null, rows: null }, schema)).toEqual([]);
		expect(differences({ id: 1, rows: ['1'] }, schema)).toEqual([
			'item.id is number, not string',
			'item.rows[0] is string, not number',
		]);
		expect(differences({ id: 'a', more: 1 }, schema)).toEqual([
			'item.more is not in the schema',
			'item.rows is missing',
		]);
	});
});
