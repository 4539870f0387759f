import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { api } from '../../../lib/dingtalk/endpoints';
import { DingTalkCalendar } from '../../../nodes/DingTalkCalendar/DingTalkCalendar.node';
import { findOperation, properties, resources } from '../../../nodes/DingTalkCalendar/resources';

const root = join(__dirname, '../../..');
const operations = resources.flatMap((resource) =>
	resource.operations.map((operation) => ({ resource, operation, id: `${resource.value}.${operation.value}` })),
);

const isGroup = (option: object): option is INodePropertyCollection => 'values' in option;
const isField = (option: object): option is INodeProperties => 'type' in option && 'displayName' in option;
const isChoice = (option: object): option is INodePropertyOptions => 'value' in option && 'name' in option;

/** The field itself and every field inside it. */
function withInner(property: INodeProperties): INodeProperties[] {
	const inner = (property.options ?? []).flatMap((option) =>
		isGroup(option) ? option.values : isField(option) ? [option] : [],
	);
	return [property, ...inner.flatMap(withInner)];
}

/** Words that stay small inside a title, unless they come first. */
const SMALL_WORDS = /^(a|an|and|as|at|but|by|for|in|nor|of|on|or|the|to|up|with)$/;

function isTitleCase(text: string): boolean {
	const words = text.replace(/[()]/g, '').split(/[\s-]+/);
	return words.every((word, position) => !/^[a-z]/.test(word) || (position > 0 && SMALL_WORDS.test(word)));
}

describe('The registry', () => {
	it('makes every operation reachable from the dropdowns', () => {
		const node = new DingTalkCalendar().description;
		const [resourceField] = node.properties;
		expect(resourceField.options?.map((option) => 'value' in option && option.value)).toEqual(
			resources.map(({ value }) => value),
		);
		for (const { resource, operation } of operations) {
			const dropdown = node.properties.find(
				({ name, displayOptions }) => name === 'operation' && displayOptions?.show?.resource?.includes(resource.value),
			);
			expect(dropdown?.options).toContainEqual(
				expect.objectContaining({ value: operation.value, action: operation.action }),
			);
			expect(findOperation(resource.value, operation.value)).toBe(operation);
		}
	});

	it('knows no operation twice and answers undefined for one it does not know', () => {
		expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
		expect(new Set(operations.map(({ operation }) => operation.action)).size).toBe(operations.length);
		expect(findOperation('event', 'explode')).toBeUndefined();
		expect(findOperation('toString', 'get')).toBeUndefined();
	});

	it('starts each resource with an operation that exists, and lists operations in the order of the alphabet', () => {
		for (const { operations: list, defaultOperation } of resources) {
			expect(list.map(({ value }) => value)).toContain(defaultOperation);
			const names = list.map(({ name }) => name);
			expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
		}
	});

	it.each(operations)('shows the fields of $id for that operation only', ({ resource, operation }) => {
		const shown = properties.filter(
			({ displayOptions }) =>
				displayOptions?.show?.operation?.includes(operation.value) &&
				displayOptions.show.resource?.includes(resource.value),
		);
		expect(shown.map(({ name }) => name)).toEqual(operation.properties.map(({ name }) => name));
		expect(shown.every(({ displayOptions }) => displayOptions?.show?.operation?.length === 1)).toBe(true);
	});

	it.each(operations)(
		'gives each field of $id a label of its own, so that agents can tell them apart',
		({ operation }) => {
			const labels = operation.properties.filter(({ type }) => type !== 'notice').map(({ displayName }) => displayName);
			expect(new Set(labels).size).toBe(labels.length);
			for (const group of operation.properties.flatMap(withInner).filter(({ options }) => options?.some(isField))) {
				const inner = (group.options ?? []).filter(isField).map(({ displayName }) => displayName);
				expect(new Set(inner).size).toBe(inner.length);
			}
		},
	);

	it.each(operations)('writes labels of $id in title case and describes switches with "Whether"', ({ operation }) => {
		for (const field of operation.properties.flatMap(withInner).filter(({ type }) => type !== 'notice')) {
			expect({ label: field.displayName, titleCase: isTitleCase(field.displayName) }).toEqual({
				label: field.displayName,
				titleCase: true,
			});
			if (field.type === 'boolean') expect(field.description).toMatch(/^Whether /);
			if (field.placeholder && !field.placeholder.startsWith('e.g. '))
				expect(field.placeholder).toMatch(/^(Add|Set|Change) /);
		}
	});

	it.each(operations)('gives every field of $id a default that its own choices allow', ({ operation }) => {
		for (const field of operation.properties.flatMap(withInner)) {
			expect(field.default).toBeDefined();
			const choices = (field.options ?? []).filter(isChoice).map(({ value }) => value);
			if (field.type === 'options') expect(choices).toContain(field.default);
			if (field.type === 'multiOptions') expect(choices).toEqual(expect.arrayContaining(field.default as string[]));
			if (field.type === 'boolean') expect(typeof field.default).toBe('boolean');
			if (field.type === 'number') expect(typeof field.default).toBe('number');
			if (field.type === 'resourceLocator') {
				const modes = (field.modes ?? []).map(({ name }) => name);
				expect(modes).toContain((field.default as { mode: string }).mode);
			}
		}
	});

	it.each(operations)(
		'shows and hides fields of $id only by fields that exist, and never by a condition on typed text',
		({ operation }) => {
			const fields = operation.properties.flatMap(withInner);
			const names = new Set(fields.map(({ name }) => name));
			for (const { displayOptions } of fields) {
				const conditions = { ...displayOptions?.show, ...displayOptions?.hide };
				for (const [name, values] of Object.entries(conditions)) {
					expect(names).toContain(name);
					// A `_cnd` condition on a value that may be an expression freezes n8n's editor.
					expect(JSON.stringify(values)).not.toContain('_cnd');
				}
			}
		},
	);

	it.each(operations)(
		'keeps text for agents clear in $id: no field is called description, and the action is a sentence',
		({ operation }) => {
			expect(operation.properties.map(({ name }) => name)).not.toContain('description');
			expect(operation.action).toMatch(/^[A-Z][a-z]+ .*[a-z]$/);
			expect(operation.description.length).toBeGreaterThan(20);
		},
	);

	it.each(operations)('names the calls that $id makes, all of them in the table of calls', ({ operation }) => {
		if (operation.calls.length === 0) expect(operation.description).toContain('no call is made');
		for (const call of operation.calls) expect(Object.values(api)).toContain(call);
	});

	it.each(operations)('has an output schema for $id', ({ resource, operation }) => {
		const path = join(root, 'nodes/DingTalkCalendar/__schema__/v1.0.0', resource.value, `${operation.value}.json`);
		expect(existsSync(path)).toBe(true);
		const schema = JSON.parse(readFileSync(path, 'utf8')) as { type: string; properties: object };
		expect(schema.type).toBe('object');
		expect(Object.keys(schema.properties).length).toBeGreaterThan(0);
		expect(Object.keys(schema.properties).length).toBeLessThanOrEqual(10);
	});

	it('uses every call of the table in some operation, the editor or a trigger, so that no dead call lives there', () => {
		const used = new Set(operations.flatMap(({ operation }) => operation.calls));
		const editor = [api.listCategories, api.searchDepartments];
		const triggers = [api.listFailedPushes];
		for (const call of Object.values(api)) expect([...used, ...editor, ...triggers]).toContain(call);
	});
});

describe('The node', () => {
	const node = new DingTalkCalendar().description;

	it('has the names that workflows store', () => {
		expect(node).toMatchObject({
			name: 'dingTalkCalendar',
			version: [1],
			defaultVersion: 1,
			usableAsTool: true,
			credentials: [{ name: 'dingTalkCalendarApi', required: true }],
		});
	});

	it('can be found by its Chinese names', () => {
		const codex = JSON.parse(readFileSync(join(root, 'nodes/DingTalkCalendar/DingTalkCalendar.node.json'), 'utf8')) as {
			alias: string[];
		};
		expect(codex.alias).toEqual(expect.arrayContaining(['钉钉', '日程', '日历']));
	});
});
