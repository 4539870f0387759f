/** The way to the n8n of each side; they run from the first measurement to the last, as n8n does at people's companies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { IDataObject, INodeCredentialsDetails } from 'n8n-workflow';

import { nextLine } from '../lines';
import type { Place } from '../workloads';
import { workflowOf, type Plan } from './plan';

export interface Took {
	wallMs: number;
	cpuMs: number;
	peakHeapMB: number;
	/** Of n8n and the processes that it starts; 0 where it cannot be told. */
	peakMemoryMB: number;
	/** Whether n8n calls the execution a success. */
	succeeded: boolean;
	/** What the last node gave. */
	output: IDataObject[];
}

export const VERSION = '2.41.1';

export class Servers {
	private made = 0;

	private constructor(private readonly child: ChildProcess) {}

	static async start(names: readonly string[], environment: Record<string, string> = {}): Promise<Servers> {
		const child = spawn(process.execPath, [join(__dirname, 'servers.mjs'), VERSION, ...names], {
			stdio: ['pipe', 'pipe', 'inherit'],
			env: { ...process.env, ...environment },
		});
		await nextLine(child);
		return new Servers(child);
	}

	/** Makes a workflow of a plan; what comes back runs it. */
	async prepare(name: string, { url, callsPerSecond }: Place, { steps, body }: Plan): Promise<() => Promise<Took>> {
		const path = `bench-${++this.made}`;
		const credential = await this.ask<INodeCredentialsDetails>(name, 'credential', { name: path, url, callsPerSecond });
		const { id } = await this.ask<{ id: string }>(name, 'workflow', workflowOf(steps, path, credential));
		const names = steps.map((step) => step.name);
		return async () => await this.ask<Took>(name, 'run', { id, path, body, steps: names });
	}

	async stop(): Promise<void> {
		const ended = new Promise((resolve) => this.child.once('close', resolve));
		this.child.stdin?.end();
		await ended;
	}

	private async ask<T>(name: string, deed: string, about: unknown): Promise<T> {
		const line = nextLine<{ answer: T }>(this.child);
		this.child.stdin?.write(`${JSON.stringify({ name, deed, about })}\n`);
		return (await line).answer;
	}
}
