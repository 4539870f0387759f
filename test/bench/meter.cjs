/** Tells what this process takes. Loaded into n8n before anything else, it tells whoever asks on loopback. */
'use strict';
const { readdirSync, readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { getHeapStatistics, setFlagsFromString } = require('node:v8');

const HEAP_EVERY_MS = 20;
const MEMORY_EVERY_MS = 200;
const PAGE_BYTES = 4096;

/** The memory of a process and those that it has started, as Linux counts it; zero elsewhere, and of processes that have ended. */
function memoryOf(pid) {
	try {
		const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
		const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
			readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
		);
		return children.reduce((sum, child) => sum + memoryOf(child), pages * PAGE_BYTES);
	} catch {
		return 0;
	}
}

/** From now on; what comes back reads it. */
function startMeter() {
	const from = process.cpuUsage();
	let peak = 0;
	const look = () => {
		peak = Math.max(peak, getHeapStatistics().used_heap_size);
	};
	let peakMemory = 0;
	// n8n runs the code of a Code node in a process of its own.
	const lookAtAll = () => {
		peakMemory = Math.max(peakMemory, memoryOf(process.pid));
	};
	const watches = [setInterval(look, HEAP_EVERY_MS).unref(), setInterval(lookAtAll, MEMORY_EVERY_MS).unref()];
	return () => {
		const { user, system } = process.cpuUsage(from);
		look();
		lookAtAll();
		watches.forEach(clearInterval);
		return {
			cpuMs: (user + system) / 1000,
			peakHeapMB: peak / 1024 / 1024,
			peakMemoryMB: peakMemory / 1024 / 1024,
		};
	};
}
exports.startMeter = startMeter;

// From this growth on, V8 collects garbage. By its own rule it waits until the heap is up to four times what was left the last time.
if (process.env.METER_HEAP_GROWTH) setFlagsFromString(`--heap-growing-percent=${process.env.METER_HEAP_GROWTH}`);

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
