/** Plays its share of the histories, and writes what it found as a line of JSON. */
import '../jest/nativeModules.js';
import '../engine/environment.js';

import type { Share } from './check';

const PROGRESS_EVERY = 50;

async function main(share: Share): Promise<void> {
	const { check } = await import('./check.js');
	const { Lab } = await import('./play.js');
	const lab = await Lab.open();
	let played = 0;
	const onHistory = (): void => {
		if (++played % PROGRESS_EVERY === 0) console.log(JSON.stringify({ played: PROGRESS_EVERY }));
	};
	const checked = await check(lab, { ...share, onHistory });
	await lab.close();
	console.log(JSON.stringify({ checked }));
}

main(JSON.parse(process.argv[2]) as Share).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
