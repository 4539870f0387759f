/** `npm run simulator`: starts a simulator and prints how to use it. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { Company } from './company';
import { startSimulator } from './index';
import { OPTIONS } from './mainOptions';
import { switchesLike } from './switchValues';

const SHOWN_PEOPLE = 5;

function readPort(text: string, option: string): number {
	const port = Number(text);
	if (!Number.isInteger(port) || port < 0 || port > 65_535)
		throw new Error(`${option} must be a number from 0 to 65535.`);
	return port;
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: OPTIONS });
	const port = readPort(values.port, '--port');
	const named = values['callback-port'];
	const callbackPorts = named.includes('any') ? 'any' : named.map((text) => readPort(text, '--callback-port'));
	const like = values.like === undefined ? {} : switchesLike(readFileSync(values.like, 'utf8'));
	const simulator = await startSimulator({ port, switches: like, callbackPorts });
	console.log(introduction(simulator.url, simulator.world.company));

	const stop = (): void => {
		simulator.close().then(
			() => process.exit(0),
			() => process.exit(1),
		);
	};
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

function introduction(url: string, { corpId, apps, people }: Company): string {
	return [
		`DingTalk simulator: ${url}`,
		`Corp ID: ${corpId}`,
		'',
		'Apps (client ID / client secret, app type):',
		...apps.map(({ clientId, clientSecret, appType }) => `  ${clientId} / ${clientSecret}  ${appType}`),
		'',
		`People (${people.length} in total):`,
		...people.slice(0, SHOWN_PEOPLE).map(({ name, mobile, userId }) => `  ${name}  mobile ${mobile}  userId ${userId}`),
		'',
		'To act on behalf of a user: refresh token sim-refresh-<userId> or login code sim-code-<userId>.',
		'',
		`Show the state:    curl ${url}/_simulator/state`,
		`Show the calls:    curl ${url}/_simulator/calls`,
		`Reset:             curl -X POST ${url}/_simulator/reset`,
		`List all controls: curl ${url}/_simulator`,
		'',
		'Press Ctrl+C to stop.',
	].join('\n');
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
