/** Starts a PostgreSQL for tests. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startServer } from '../processes.mjs';
import { program } from './program.mjs';

/** The user to run as, because PostgreSQL refuses to run as root. */
function serverUser() {
	if (process.getuid?.() !== 0) return {};
	const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

/** An empty PostgreSQL that forgets everything when it ends. `value` is its port; user and database are `postgres`. */
export async function startPostgres() {
	const initdb = program('initdb', 'postgresql');
	const user = serverUser();
	// In a folder of its own, because it must belong to the user that runs the server.
	const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
	if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
	execFileSync(initdb, ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], {
		...user,
		cwd: folder,
		stdio: ['ignore', 'ignore', 2],
	});
	const port = await freePort();
	const options = [
		'-D',
		folder,
		'-h',
		'127.0.0.1',
		'-p',
		String(port),
		'-k',
		folder,
		'-c',
		'fsync=off',
		'-c',
		'max_connections=200',
	];
	const server = await startServer(program('postgres', 'postgresql'), options, {
		...user,
		cwd: folder,
		ready: (output) => output.includes('ready to accept connections') && port,
		seconds: 60,
	});
	const stop = async () => {
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	};
	return { ...server, stop };
}
