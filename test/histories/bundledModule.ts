/** Single modules in the one file that the build makes of them. */
import { join } from 'node:path';

export const BUNDLE = join(__dirname, '../../dist/modules.js');

/** The text of the bundle with the code of one module changed. */
export function changeModule(bundle: string, module: string, change: (code: string) => string): string {
	const start = bundle.indexOf(`\n${JSON.stringify(module)}: define(`);
	const end = bundle.indexOf('\n}),\n', start);
	if (start < 0 || end < 0) throw new Error(`The bundle has no module ${module}: adapt the fault`);
	return bundle.slice(0, start) + change(bundle.slice(start, end)) + bundle.slice(end);
}
