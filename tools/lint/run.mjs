/**
 * What `n8n-node lint` does (ESLint with the CLI's own rules on the whole project, after the check that strict mode's
 * config is the untouched template), without the CLI in the root package. Warnings count as findings.
 * `npm run lint -- --fix` mends what can be mended.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../install.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');

installOnce(here);
const { ESLint } = await import('eslint');
const { config } = await import('@n8n/node-cli/eslint');

const template = 'node_modules/@n8n/node-cli/dist/template/templates/shared/default/eslint.config.mjs';
if (readFileSync(join(root, 'eslint.config.mjs'), 'utf8') !== readFileSync(join(here, template), 'utf8')) {
	console.error("eslint.config.mjs differs from n8n's template: strict mode forbids that.");
	process.exit(1);
}

/** The rules for code that runs on n8n Cloud (no timers, no node:http, …) cannot hold for tests, which never run there. */
const cloudRules = config
	.flatMap(({ rules = {} }) => Object.keys(rules))
	.filter((rule) => rule.startsWith('@n8n/community-nodes/') || rule === 'no-console');
const testsRunOnNode = { files: ['test/**/*.ts'], rules: Object.fromEntries(cloudRules.map((rule) => [rule, 'off'])) };

// The CLI's import resolver looks for tsconfig.json where the process is.
process.chdir(root);
const eslint = new ESLint({
	cwd: root,
	// The same config as eslint.config.mjs, handed over because the import in there resolves only from this folder.
	overrideConfigFile: true,
	overrideConfig: [...config, testsRunOnNode],
	// What was downloaded to be tested with, n8n for instance.
	ignorePatterns: ['.cache/**'],
	fix: process.argv.includes('--fix'),
});
const results = await eslint.lintFiles(['.']);
await ESLint.outputFixes(results);

const formatter = await eslint.loadFormatter('stylish');
const findings = results.reduce((sum, { errorCount, warningCount }) => sum + errorCount + warningCount, 0);
console.log(findings ? await formatter.format(results) : `Linted ${results.length} files: no findings`);
process.exitCode = findings ? 1 : 0;
