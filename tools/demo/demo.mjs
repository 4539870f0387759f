/**
 * A real n8n with this package and a DingTalk to go with it, both on this machine. `npm run demo` leaves them running
 * until Ctrl-C; `npm run demo -- --once` runs the example workflows without a browser and prints what happened.
 */
import { join } from 'node:path';
import { reportTriggers, runExamples } from './report.mjs';
import { start } from './start.mjs';
import { welcome } from './welcome.mjs';

const USAGE = `Usage: npm run demo [-- --once] [-- --fresh] [-- --lang zh]
  --once    run the example workflows without a browser, print what happened, and end
  --fresh   forget the n8n of earlier demos and start over
  --lang zh install the Chinese edition`;

const known = ['--once', '--fresh'];
const options = process.argv.slice(2);
const place = options.indexOf('--lang');
const [language] = place < 0 ? ['en'] : options.splice(place, 2).slice(1);
if (!['en', 'zh'].includes(language) || options.some((option) => !known.includes(option))) {
	console.error(USAGE);
	process.exit(2);
}

const once = options.includes('--once');
const home = join(import.meta.dirname, '../../.cache/demo');

console.log('\nDingTalk Calendar for n8n: demo\n');
const { server, simulator, workflows, secrets, stop } = await start({
	userFolder: join(home, `${once ? 'once' : 'n8n'}${language === 'en' ? '' : `-${language}`}`),
	language,
	fresh: once || options.includes('--fresh'),
});

if (once) {
	const { failed, text } = await runExamples(server.rest, workflows);
	console.log(`\n${text}\n`);
	console.log(await reportTriggers(server.rest, workflows));
	await stop();
	process.exit(failed === 0 ? 0 : 1);
}

console.log(`${welcome(server.url, simulator.value, workflows.length, secrets)}
  Press Ctrl-C to stop. Your workflows are kept for the next time; npm run demo -- --fresh removes them.
`);

// From here on it only waits to be stopped.
process.exitCode = 0;
