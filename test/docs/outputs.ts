/** The output fields of each operation, from the schemas that its tests hold. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Schema {
	type: string;
	properties?: Record<string, Schema>;
	items?: Schema;
}

const folder = join(__dirname, '../../nodes/DingTalkCalendar/__schema__/v1.0.0');

/** Such as `rooms[].name`, without the parts of what is inside. */
const NAMES: Record<string, string> = {
	string: 'text',
	number: 'number',
	boolean: 'true or false',
	object: 'object',
	array: 'list',
};

function describe(name: string, schema: Schema): string {
	const inner = schema.items ?? schema;
	const parts = Object.keys(inner.properties ?? {});
	const kind = NAMES[schema.type] ?? schema.type;
	return `\`${name}\` (${parts.length > 0 ? `${kind}: ${parts.map((part) => `\`${part}\``).join(', ')}` : kind})`;
}

/** A line with the fields of one item. */
export function outputOf(resource: string, operation: string): string {
	const schema = JSON.parse(readFileSync(join(folder, resource, `${operation}.json`), 'utf8')) as Schema;
	const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => describe(name, field));
	return `Output of each item: ${fields.join(', ')}.`;
}
