/**
 * `npm run probe`: asks a real DingTalk account what no page says. It states its cost first and asks before it starts.
 * `-- --yes` starts at once, `-- --write FILE` stores the report for `npm run simulator -- --like FILE`.
 * `-- --sync-token FILE` asks only how long a sync token is accepted, in two runs a week apart; with `--write` the second one adds
 * the answer to the report.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';

import { ProbeApi, type ProbeAccount } from './api';
import { ProbeCalendar } from './calendar';
import { maxMeteredCalls, probe } from './probe';
import { emptyReport, table, withFinding, type ProbeReport } from './report';
import { checkSyncToken } from './syncToken';

const HOSTS: Record<string, Pick<ProbeAccount, 'api' | 'oldApi'>> = {
	international: { api: 'https://api.dingtalk.io', oldApi: 'https://oapi.dingtalk.io' },
	china: { api: 'https://api.dingtalk.com', oldApi: 'https://oapi.dingtalk.com' },
};

const NEEDS = `Set these variables and run it again:
  DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET   an internal app with the calendar permissions
  DINGTALK_TEST_USER                           the union ID of a test user
  DINGTALK_TEST_ATTENDEE                       the union ID of a second one (optional, answers six more questions)
  DINGTALK_REGION                              international or china (international by default)
  DINGTALK_BASE_URL                            another address, for example a simulator's (optional)`;

async function isConfirmed(question: string): Promise<boolean> {
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await terminal.question(question);
	terminal.close();
	return /^y(es)?$/i.test(answer.trim());
}

const readReport = (file: string): ProbeReport | undefined =>
	existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProbeReport) : undefined;

function write(file: string, report: ProbeReport): void {
	writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
	console.log(`\nThe report is in ${file}; it holds no name, ID, token or text of the account.`);
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { yes: { type: 'boolean', default: false }, write: { type: 'string' }, 'sync-token': { type: 'string' } },
	});
	const {
		DINGTALK_CLIENT_ID: clientId,
		DINGTALK_CLIENT_SECRET: clientSecret,
		DINGTALK_TEST_USER: user,
		DINGTALK_TEST_ATTENDEE: guest,
		DINGTALK_REGION: region = 'international',
		DINGTALK_BASE_URL: baseUrl,
	} = process.env;
	if (!clientId || !clientSecret || !user) throw new Error(NEEDS);
	const hosts = baseUrl ? { api: baseUrl, oldApi: baseUrl } : HOSTS[region];
	if (hosts === undefined) throw new Error(`DINGTALK_REGION must be international or china.`);

	const syncTokenFile = values['sync-token'];
	const cost = syncTokenFile === undefined ? maxMeteredCalls(Boolean(guest)) : 1;
	console.log(`This takes up to ${cost} metered ${cost === 1 ? 'call' : 'calls'} of the organization's monthly quota.`);
	if (syncTokenFile === undefined) {
		console.log('It creates events about 60 days ahead in the calendar of the test user, and deletes them in the end.');
	}
	if (!values.yes && !(await isConfirmed('Start? [y/N] '))) return;

	const { version } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as { version: string };
	const origin = { packageVersion: version, region: baseUrl ? 'custom' : region };
	const api = new ProbeApi({ ...hosts, clientId, clientSecret });
	const token = await api.connect();
	if (token.status !== 200) throw new Error(`DingTalk gave no access token: HTTP ${token.status} ${token.code}`);
	if (syncTokenFile !== undefined) {
		const { text, finding } = await checkSyncToken(new ProbeCalendar(api, user), syncTokenFile);
		console.log(text);
		if (values.write) write(values.write, withFinding(readReport(values.write) ?? emptyReport(origin), finding));
		return;
	}
	const report = await probe(new ProbeCalendar(api, user, guest || undefined), {
		...origin,
		onQuestion: (number, total, asks) => console.log(`${number}/${total} ${asks}`),
	});
	console.log(`\n${table(report)}`);
	if (values.write) write(values.write, report);
	if (report.eventsLeft > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : 'The probe failed.');
	process.exit(1);
});
