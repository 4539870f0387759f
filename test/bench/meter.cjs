/** Tells what this process takes. Loaded into n8n before anything else, it tells whoever asks on loopback. */
'use strict';
const { createServer } = require('node:http');
const { getHeapStatistics } = require('node:v8');

const HEAP_EVERY_MS = 20;

/** From now on; what comes back reads it. */
function startMeter() {
	const from = process.cpuUsage();
	let peak = 0;
	const look = () => {
		peak = Math.max(peak, getHeapStatistics().used_heap_size);
	};
	const watch = setInterval(look, HEAP_EVERY_MS).unref();
	return () => {
		const { user, system } = process.cpuUsage(from);
		look();
		clearInterval(watch);
		return { cpuMs: (user + system) / 1000, peakHeapMB: peak / 1024 / 1024 };
	};
}
exports.startMeter = startMeter;

// n8n starts processes of its own, for its task runner for instance.
if (process.env.METER_PORT && process.argv[2] === 'start') {
	let read = startMeter();
	createServer(({ url }, response) => {
		const took = read();
		if (url === '/start') read = startMeter();
		response.end(JSON.stringify(took));
	})
		.listen(Number(process.env.METER_PORT), '127.0.0.1')
		.unref();
}
