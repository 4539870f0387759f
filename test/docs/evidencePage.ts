/** Writes docs/project/evidence.md: each assumption about undocumented behavior, from one data file. */
import { defaultSwitches, type Switches } from '../simulator/switches';
import { QUESTIONS } from '../live/probe/questions';
import { openFinding } from '../live/probe/syncToken';
import { OTHER_EVIDENCE, SWITCH_EVIDENCE } from './evidenceData';

/** The lifetime of a sync token is asked in two runs, a week apart. */
const asked = new Set<string>([...QUESTIONS.map(({ name }) => name), openFinding().name]);

export function evidencePage(): string {
	const assumptions = defaultSwitches();
	const names = Object.keys(SWITCH_EVIDENCE) as Array<keyof Switches>;
	const rows = names.map((name) => {
		const { question, evidence, because, otherwise } = SWITCH_EVIDENCE[name];
		const shown = [evidence ?? 'no evidence', ...(because ? [`Assumed otherwise: ${because}`] : [])].join(' ');
		const probed = asked.has(name) ? 'yes' : '';
		return `| ${question} | \`${assumptions[name]}\` | ${shown} | ${otherwise} | \`${name}\` | ${probed} |`;
	});
	const others = OTHER_EVIDENCE.map(
		({ question, assumption, evidence, otherwise, probe }) =>
			`| ${question} | ${assumption} | ${evidence ?? 'no evidence'} | ${otherwise} | ${probe ? 'yes' : ''} |`,
	);
	const without = names.filter((name) => SWITCH_EVIDENCE[name].evidence === undefined).length;
	return [
		'# Evidence',
		'',
		'<!-- Made by `npm run docs` from test/docs/evidenceData.ts. Do not edit. -->',
		'',
		'DingTalk does not document everything that a client has to know. This page lists what the package assumes, on what evidence, and',
		'what you would notice if DingTalk behaves differently. The package has not yet been run against a live DingTalk account.',
		'',
		`Each assumption in the first table is a switch of [the simulator](simulator.md). For`,
		`${without} of ${names.length} there is no evidence.`,
		'',
		'`npm run probe` asks a real account the questions marked in the last column. It states its cost first, deletes the events it',
		'creates, and prints each assumption next to the answer. With `-- --write FILE` it stores a report without names, IDs, tokens or texts,',
		'which `npm run simulator -- --like FILE` takes for its switches. Please attach such a report when you',
		'[report a problem](../../CONTRIBUTING.md).',
		'',
		'| Question | Assumed | Evidence | If it is otherwise | Switch | Probe |',
		'| --- | --- | --- | --- | --- | --- |',
		...rows,
		'',
		'## Without a switch',
		'',
		'| Question | Assumed | Evidence | If it is otherwise | Probe |',
		'| --- | --- | --- | --- | --- |',
		...others,
		'',
	].join('\n');
}
