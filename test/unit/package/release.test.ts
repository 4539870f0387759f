/** Holds what `npm run release:check` finds, how the workflows publish, and what the Docker files require. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { parse } from 'yaml';

import { missingForRelease } from '../../../tools/release/missing.cjs';

const root = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const HOME = 'https://github.com/acme/n8n-nodes-dingtalk-calendar';

const ready = {
	manifest: {
		name: 'n8n-nodes-dingtalk-calendar',
		version: '1.0.0',
		homepage: `${HOME}#readme`,
		author: { email: 'team@acme.example' },
		repository: { url: `git+${HOME}.git` },
	},
	changelog: '## [Unreleased]\n\n## [1.0.0] - 2026-12-01\n\n### Added\n',
	tag: 'v1.0.0',
	texts: { 'README.md': `git clone ${HOME}.git` },
	chinese: { name: 'n8n-nodes-dingtalk-calendar-zh', version: '1.0.0' },
	lockfiles: { 'package-lock.json': { packages: { 'node_modules/a': { integrity: 'sha512-x' } } } },
};

describe('npm run release:check', () => {
	it('finds nothing missing where all is ready', () => expect(missingForRelease(ready)).toEqual([]));

	it.each([
		[
			'a home that its owner has not set',
			{ manifest: { ...ready.manifest, repository: { url: 'https://github.com/your_organization/x.git' } } },
			"Set 'repository' and 'homepage'",
		],
		[
			'an address that its owner has not set',
			{ manifest: { ...ready.manifest, author: { email: 'maintainers@home.invalid' } } },
			'Set the e-mail address',
		],
		['a homepage elsewhere', { manifest: { ...ready.manifest, homepage: 'https://a.example' } }, "Set 'homepage'"],
		[
			'a link to another home',
			{ texts: { 'README.md': 'https://github.com/other/n8n-nodes-dingtalk-calendar/blob/main/a.md' } },
			'Change the links of README.md',
		],
		['a version without changes', { changelog: '## [0.9.0] - 2026-01-01' }, 'Give the changes in CHANGELOG.md'],
		[
			'changes that are still unreleased',
			{ changelog: '## [Unreleased]\n\n### Added\n\n- a\n\n## [1.0.0] - 2026-12-01' },
			'Move the changes under "Unreleased"',
		],
		['a tag of another version', { tag: 'v1.0.1' }, 'Tag the release v1.0.0'],
		['a Chinese edition that is not built', { chinese: undefined }, 'Run `npm run build`: the Chinese edition'],
		[
			'a Chinese edition of another version',
			{ chinese: { ...ready.chinese, version: '0.9.0' } },
			'Run `npm run build`: the Chinese edition',
		],
		[
			'a package without a hash',
			{ lockfiles: { 'package-lock.json': { packages: { 'node_modules/a': {} } } } },
			'node_modules/a has no integrity',
		],
		[
			'a package with an address',
			{
				lockfiles: {
					'package-lock.json': {
						packages: { 'node_modules/a': { integrity: 'sha512-x', resolved: 'https://registry.example/a.tgz' } },
					},
				},
			},
			'Remove the address of node_modules/a',
		],
	])('names %s', (_, change, sentence) => {
		const missing = missingForRelease({ ...ready, ...change });
		expect(missing).toContainEqual(expect.stringContaining(sentence));
	});

	it('finds a hash and no address for every package of this repository', () => {
		const inTools = readdirSync(join(root, 'tools'), { recursive: true, encoding: 'utf8' })
			.filter((file) => /(^|\/)package-lock\.json$/.test(file) && !file.includes('node_modules/'))
			.map((file) => `tools/${file}`);
		const lockfiles = ['package-lock.json', ...inTools];
		expect(lockfiles.length).toBeGreaterThanOrEqual(7);
		const parsed = Object.fromEntries(lockfiles.map((file) => [file, JSON.parse(read(file)) as object]));
		expect(missingForRelease({ ...ready, lockfiles: parsed })).toEqual([]);
	});
});

it('lets Git show what changed in a lockfile', () => {
	const rules = read('.gitattributes').split('\n');
	expect(
		rules.filter((rule) => /^\S*(package-lock|json)\S*\s.*(-diff|binary|-text|linguist-generated)/.test(rule)),
	).toEqual([]);
});

it('installs tools only from what a lockfile names', () => {
	const programs = readdirSync(join(root, 'tools'), { recursive: true, encoding: 'utf8' }).filter(
		(file) => /\.(mjs|cjs)$/.test(file) && !file.includes('node_modules/'),
	);
	expect(programs.length).toBeGreaterThan(20);
	const installing = programs.filter((file) => /\['install',/.test(read(`tools/${file}`)));
	// The package's own tarball, the way n8n installs it, and a database server from the system's packages.
	expect(installing.sort()).toEqual(['n8n/install-package.mjs', 'services/program.mjs']);
});

/** The folders of the lockfiles, without those of n8n and Node.js, whose versions are fixed on purpose. */
const updatedFolders = (): string[] => {
	const inTools = readdirSync(join(root, 'tools'), { recursive: true, encoding: 'utf8' })
		.filter((file) => /(^|\/)package-lock\.json$/.test(file) && !file.includes('node_modules/'))
		.map((file) => `tools/${dirname(file)}`)
		.filter((folder) => !/^tools\/(n8n|node)\//.test(folder));
	return ['', ...inTools].sort();
};

it('updates tools, actions and images, and searches every lockfile that it updates for known weaknesses', () => {
	const { updates } = parse(read('.github/dependabot.yml')) as {
		updates: Array<{ 'package-ecosystem': string; directory?: string; directories?: string[] }>;
	};
	const foldersOf = (ecosystem: string): string[] =>
		updates
			.filter((update) => update['package-ecosystem'] === ecosystem)
			.flatMap(({ directory, directories = [] }) => [...(directory === undefined ? [] : [directory]), ...directories])
			.map((folder) => folder.replace(/^\//, ''))
			.sort();
	expect(foldersOf('npm')).toEqual(updatedFolders());
	expect(foldersOf('github-actions')).toEqual(['']);
	expect(foldersOf('docker-compose')).toEqual(['docker']);
	const commands = workflow('ci').jobs.audit.steps.flatMap(({ run }) => run ?? []);
	const audited = commands.map((command) => /--prefix (\S+)/.exec(command)?.[1] ?? '');
	expect(commands.every((command) => command.startsWith('npm audit --audit-level=high'))).toBe(true);
	expect(audited.sort()).toEqual(updatedFolders());
});

interface Workflow {
	permissions?: Record<string, string>;
	jobs: Record<
		string,
		{
			permissions?: Record<string, string>;
			environment?: string;
			needs?: string;
			steps: Array<{ uses?: string; run?: string }>;
		}
	>;
}

const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}.yml`)) as Workflow;

describe('The workflows', () => {
	it.each(['ci', 'publish'])('pin each action by commit and install only what the lockfile names (%s)', (name) => {
		const steps = Object.values(workflow(name).jobs).flatMap((job) => job.steps);
		for (const { uses, run = '' } of steps) {
			if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
			expect(run).not.toMatch(/npm (install|i)\b/);
		}
	});

	it('publish what one job has tested from another job that runs none of the project’s code', () => {
		const { permissions, jobs } = workflow('publish');
		expect(permissions).toEqual({});
		expect(jobs.pack.permissions).toEqual({ contents: 'read' });
		expect(jobs.publish).toMatchObject({
			needs: 'pack',
			environment: 'npm',
			permissions: { 'id-token': 'write' },
		});
		const { steps } = jobs.publish;
		expect(steps.some(({ uses = '' }) => uses.startsWith('actions/checkout'))).toBe(false);
		const commands = steps.flatMap(({ run }) => run ?? []);
		expect(commands).toEqual([
			expect.stringContaining('sha256sum --check'),
			expect.stringMatching(/^for tarball in \.\/\*\.tgz; do\s+npm publish "\$tarball" --ignore-scripts --provenance/),
		]);
	});

	it('publish both editions', () => {
		const packing = workflow('publish').jobs.pack.steps.flatMap(({ run }) => run ?? []);
		expect(packing.join('\n').match(/^npm pack .*$/gm)).toEqual([
			'npm pack --silent --ignore-scripts --pack-destination packed',
			'npm pack --silent --ignore-scripts --pack-destination packed ./dist-zh',
		]);
	});
});

interface Compose {
	volumes: Record<string, unknown>;
	services: Record<string, { image: string; environment?: Record<string, string>; volumes?: string[] }>;
}

describe.each(['compose.yml', 'compose.queue.yml'])('docker/%s', (file) => {
	const { services, volumes } = parse(read(`docker/${file}`), { merge: true }) as Compose;

	it('requires an encryption key and has none of its own', () => {
		const keys = Object.values(services).flatMap(({ environment }) => environment?.N8N_ENCRYPTION_KEY ?? []);
		expect(keys.length).toBeGreaterThan(0);
		for (const key of keys) expect(key).toMatch(/^\$\{N8N_ENCRYPTION_KEY:\?/);
	});

	it('names a version of every image, and only volumes that it declares', () => {
		for (const { image, volumes: used = [] } of Object.values(services)) {
			expect(image).toMatch(/:\d+\.\d+/);
			const named = used.map((volume) => volume.split(':')[0]).filter((volume) => !volume.startsWith('.'));
			expect(named.filter((volume) => !(volume in volumes))).toEqual([]);
		}
	});
});
