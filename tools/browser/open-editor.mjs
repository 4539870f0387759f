/**
 * Shows a node as its users see it: a workflow from a file, and pictures of one of its nodes before and after a run.
 *
 * `node tools/browser/open-editor.mjs WORKFLOW.json NODE_NAME FOLDER`
 */
import { readFileSync } from 'node:fs';
import { inEditor } from './editor.mjs';
import { shootNode } from './shot.mjs';

const [file, nodeName, folder] = process.argv.slice(2);
if (!folder) throw new Error('Usage: open-editor.mjs WORKFLOW.json NODE_NAME FOLDER');

await inEditor(
	() => JSON.parse(readFileSync(file, 'utf8')),
	async ({ page }) => await shootNode(page, nodeName, folder),
);
