/** Formats generated pages, given and returned as JSON: Prettier is an ES module, which Jest does not load. */
import { text } from 'node:stream/consumers';
import { format, resolveConfig } from 'prettier';

const pages = JSON.parse(await text(process.stdin));
const formatted = pages.map(async ([path, source]) => [
	path,
	await format(source, { ...(await resolveConfig(path)), filepath: path }),
]);
console.log(JSON.stringify(await Promise.all(formatted)));
