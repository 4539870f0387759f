/** Checks the rules that hold for all operations and fields. */
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

/** The editor shows these for modes with these names, whatever their own labels. */
const LABELS_OF_N8N: Record<string, string> = { list: 'From List', id: 'By ID', url: 'By URL' };

/** Words that stay small inside a title, unless they come first. */
const SMALL_WORDS = /^(a|an|and|as|at|but|by|for|in|nor|of|on|or|the|to|up|with)$/;

function isTitleCase(text: string): boolean {
	const words = text.replace(/[()]/g, '').split(/[\s-]+/);
	return words.every((word, position) => !/^[a-z]/.test(word) || (position > 0 && SMALL_WORDS.test(word)));
}

describe('The operation registry', () => {
	it('offers each operation in the dropdowns', () => {
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

	it('contains each operation once and returns undefined for an unknown one', () => {
		expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
		expect(new Set(operations.map(({ operation }) => operation.action)).size).toBe(operations.length);
		expect(findOperation('event', 'explode')).toBeUndefined();
		expect(findOperation('toString', 'get')).toBeUndefined();
	});

	it('has an existing default operation per resource and lists operations alphabetically', () => {
		for (const { operations: list, defaultOperation } of resources) {
			expect(list.map(({ value }) => value)).toContain(defaultOperation);
			const names = list.map(({ name }) => name);
			expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
		}
	});

	it.each(operations)('shows the fields of $id only for that operation', ({ resource, operation }) => {
		const shown = properties.filter(
			({ displayOptions }) =>
				displayOptions?.show?.operation?.includes(operation.value) &&
				displayOptions.show.resource?.includes(resource.value),
		);
		expect(shown.map(({ name }) => name)).toEqual(operation.properties.map(({ name }) => name));
		expect(shown.every(({ displayOptions }) => displayOptions?.show?.operation?.length === 1)).toBe(true);
	});

	it.each(operations)('gives each field of $id a unique label, which agents need', ({ operation }) => {
		const labels = operation.properties.filter(({ type }) => type !== 'notice').map(({ displayName }) => displayName);
		expect(new Set(labels).size).toBe(labels.length);
		for (const group of operation.properties.flatMap(withInner).filter(({ options }) => options?.some(isField))) {
			const inner = (group.options ?? []).filter(isField).map(({ displayName }) => displayName);
			expect(new Set(inner).size).toBe(inner.length);
		}
	});

	it.each(operations)(
		'has title-case labels in $id and boolean descriptions that start with "Whether"',
		({ operation }) => {
			for (const field of operation.properties.flatMap(withInner).filter(({ type }) => type !== 'notice')) {
				expect({ label: field.displayName, titleCase: isTitleCase(field.displayName) }).toEqual({
					label: field.displayName,
					titleCase: true,
				});
				if (field.type === 'boolean') expect(field.description).toMatch(/^Whether /);
				if (field.placeholder && !field.placeholder.startsWith('e.g. '))
					expect(field.placeholder).toMatch(/^(Add|Set|Change) /);
			}
		},
	);

	it.each(operations)('gives each field of $id a default that its options allow', ({ operation }) => {
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

	it.each(operations)('names no locator mode of $id so that n8n would write another label over it', ({ operation }) => {
		const fields = operation.properties.flatMap(withInner).filter(({ type }) => type === 'resourceLocator');
		for (const { name: field, modes = [] } of fields)
			for (const { name, displayName } of modes)
				expect({ field, name, displayName }).toEqual({ field, name, displayName: LABELS_OF_N8N[name] ?? displayName });
	});

	it('lists the resources in the order of use, so that n8n opens with the most common actions', () => {
		expect(resources.map(({ value }) => value)).toEqual([
			'event',
			'response',
			'attendee',
			'freeBusy',
			'meetingRoom',
			'checkIn',
			'calendar',
			'subscriptionCalendar',
			'accessControl',
		]);
	});

	it('shows a calendar that is filled in after all fields but the run options', () => {
		for (const { operation, id } of operations) {
			const names = operation.properties.map(({ name }) => name);
			const calendar = operation.properties.find(({ name }) => name === 'calendarId');
			const isFilledIn = (calendar?.default as { value?: string } | undefined)?.value === 'primary';
			if (isFilledIn) expect([id, ...names.slice(-2)]).toEqual([id, 'calendarId', 'runOptions']);
		}
	});

	it.each(operations)('shows and hides fields of $id only by existing fields, never by typed text', ({ operation }) => {
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
	});

	it.each(operations)(
		'has agent-friendly texts in $id: no field named description, and a sentence as action',
		({ operation }) => {
			expect(operation.properties.map(({ name }) => name)).not.toContain('description');
			expect(operation.action).toMatch(/^[A-Z][a-z]+ .*[a-z]$/);
			expect(operation.description.length).toBeGreaterThan(20);
		},
	);

	it.each(operations)('lists the calls of $id, all of which are known endpoints', ({ operation }) => {
		if (operation.calls.length === 0) expect(operation.description).toContain('makes no call');
		for (const call of operation.calls) expect(Object.values(api)).toContain(call);
	});

	it.each(operations)('has an output schema for $id', ({ resource, operation }) => {
		const path = join(root, 'nodes/DingTalkCalendar/__schema__/v1.0.0', resource.value, `${operation.value}.json`);
		expect(existsSync(path)).toBe(true);
		const schema = JSON.parse(readFileSync(path, 'utf8')) as { type: string; properties: object };
		expect(schema.type).toBe('object');
		expect(Object.keys(schema.properties).length).toBeGreaterThan(0);
		// Ten, as n8n advises for simplified output, and three more where the ten would leave something out.
		expect(Object.keys(schema.properties).length).toBeLessThanOrEqual(13);
	});

	it('uses each known endpoint in an operation, the editor or a trigger', () => {
		const used = new Set(operations.flatMap(({ operation }) => operation.calls));
		const editor = [api.listCategories, api.searchDepartments];
		const triggers = [api.listFailedPushes];
		for (const call of Object.values(api)) expect([...used, ...editor, ...triggers]).toContain(call);
	});
});

describe('The action node', () => {
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
