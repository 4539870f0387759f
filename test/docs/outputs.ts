/** An example of what each operation returns, which the tests compare with its schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

const examples = JSON.parse(readFileSync(join(__dirname, 'outputExamples.json'), 'utf8')) as Record<
	string,
	IDataObject
>;

/** Compact where it fits on a line; the formatter of the pages breaks what does not. */
export const jsonBlock = (value: IDataObject): string[] => ['```json', JSON.stringify(value), '```'];

/** One item of the operation's output. */
export function exampleOf(resource: string, operation: string): string[] {
	const id = `${resource}.${operation}`;
	if (!(id in examples)) throw new Error(`Add an example of ${id}: EXAMPLES=write npx jest test/engine/schemas`);
	return ['Each item that it returns looks like this:', '', ...jsonBlock(examples[id])];
}
