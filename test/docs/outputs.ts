/** An example of what each operation returns, which the tests compare with its schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Operation, Resource } from '../../lib/n8n/Operation';
import { anchorOf } from './anchor';

const examples = JSON.parse(readFileSync(join(__dirname, 'outputExamples.json'), 'utf8')) as Record<
	string,
	IDataObject
>;

/** An example with no more parts than this is shorter than a link to another one. */
const SHORT = 3;

/** Compact where it fits on a line; the formatter of the pages breaks what does not. */
export const jsonBlock = (value: IDataObject): string[] => ['```json', JSON.stringify(value), '```'];

const idOf = (operation: Operation, resource: Resource): string => `${resource.value}.${operation.value}`;

function exampleFor(operation: Operation, resource: Resource): IDataObject {
	const id = idOf(operation, resource);
	if (!(id in examples)) throw new Error(`Add an example of ${id}: EXAMPLES=write npx jest test/engine/schemas`);
	return examples[id];
}

/** Examples with the same parts need to be shown once. */
const shapeOf = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(shapeOf);
	if (typeof value !== 'object' || value === null) return 'value';
	return Object.entries(value).map(([name, part]) => [name, shapeOf(part)]);
};

/** One item of the operation's output, or the operation above that returns the same. */
export function exampleOf(operation: Operation, resource: Resource): string[] {
	const example = exampleFor(operation, resource);
	const shape = JSON.stringify(shapeOf(example));
	const first = resource.operations.find((one) => JSON.stringify(shapeOf(exampleFor(one, resource))) === shape);
	if (first && first !== operation && Object.keys(example).length > SHORT)
		return [`Output: as of [${first.name}](#${anchorOf(first.name)}).`];
	return ['Output:', '', ...jsonBlock(example)];
}
