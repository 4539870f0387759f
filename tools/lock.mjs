/** Lets one process at a time do something, where several may start it at once. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** The file names the process that holds the lock, so that one left behind by a killed process holds up no other. */
export async function withLock(file, work, onWait = () => {}) {
	mkdirSync(dirname(file), { recursive: true });
	for (let attempt = 1; !take(file); attempt++) {
		// The first attempt may only have removed what a killed process left behind.
		if (attempt === 2) onWait();
		await setTimeout(100);
	}
	try {
		return await work();
	} finally {
		rmSync(file, { force: true });
	}
}

function take(file) {
	try {
		writeFileSync(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if (error.code !== 'EEXIST') throw error;
	}
	if (!isHeld(file)) rmSync(file, { force: true });
	return false;
}

function isHeld(file) {
	try {
		// 0 while the holder is about to write its ID; the signal then goes to this process itself and finds it alive.
		return process.kill(Number(readFileSync(file, 'utf8')), 0);
	} catch (error) {
		// EPERM: the process is there, and belongs to someone else. ENOENT: released, and perhaps taken again by now.
		return error.code === 'EPERM' || error.code === 'ENOENT';
	}
}
