/** Loaded into n8n before anything else: tells what its process takes, to whoever asks on loopback. */
'use strict';
const { createServer } = require('node:http');
const { getHeapStatistics } = require('node:v8');

const HEAP_EVERY_MS = 20;

// n8n starts processes of its own, for its task runner for instance.
if (process.argv[2] === 'start') {
	let from = process.cpuUsage();
	let peak = 0;
	const look = () => {
		peak = Math.max(peak, getHeapStatistics().used_heap_size);
	};
	setInterval(look, HEAP_EVERY_MS).unref();
	createServer(({ url }, response) => {
		if (url === '/start') {
			from = process.cpuUsage();
			peak = 0;
		}
		const { user, system } = process.cpuUsage(from);
		look();
		response.end(JSON.stringify({ cpuMs: (user + system) / 1000, peakHeapMB: peak / 1024 / 1024 }));
	})
		.listen(Number(process.env.METER_PORT), '127.0.0.1')
		.unref();
}
