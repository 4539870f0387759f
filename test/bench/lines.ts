/** Reads the JSON lines that a child process prints, one at a time. */
import type { ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

const readers = new WeakMap<ChildProcess, Interface>();

function readerOf(child: ChildProcess): Interface {
	if (!child.stdout) throw new Error('A child without output');
	const reader = readers.get(child) ?? createInterface({ input: child.stdout });
	readers.set(child, reader);
	return reader;
}

/** The next line of a child's output that holds JSON. */
export function nextLine<T>(child: ChildProcess): Promise<T> {
	return new Promise((resolve, reject) => {
		const reader = readerOf(child);
		const look = (line: string): void => {
			if (!line.startsWith('{')) return;
			reader.off('line', look);
			child.off('close', giveUp);
			resolve(JSON.parse(line) as T);
		};
		const giveUp = (code: number | null): void => reject(new Error(`It ended with ${String(code)} and said nothing`));
		reader.on('line', look);
		child.once('close', giveUp);
	});
}
