/** Says what is being waited for, how long it has taken so far, and at last how long it took. */

const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

/** `detail` says how far the work is; it is asked again for each line. Everything goes to stderr. */
export async function step(label, work, detail = () => '') {
	const start = Date.now();
	const line = () => `  … ${[label, seconds(start), detail()].filter(Boolean).join(' · ')}`;
	const inPlace = process.stderr.isTTY === true;
	const print = (text) => process.stderr.write(inPlace ? `\r\x1b[K${text}` : `${text}\n`);
	print(`  … ${label}`);
	const timer = setInterval(() => print(line()), inPlace ? 1000 : 10_000);
	const end = (sign) => print(`  ${sign} ${label} (${seconds(start)})${inPlace ? '\n' : ''}`);
	try {
		const result = await work();
		end('✓');
		return result;
	} catch (error) {
		end('✗');
		throw error;
	} finally {
		clearInterval(timer);
	}
}
