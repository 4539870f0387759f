/** One process of n8n as the package sees it: modules of its own, loaded anew, with clocks and sockets of the history. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { compileFunction } from 'node:vm';

import type { Time } from './time';

const ROOT = join(__dirname, '..', '..', '..');
const DIST = join(ROOT, 'dist');
const PARAMETERS = ['exports', 'require', 'module', 'Date', 'AbortSignal', 'performance', 'WebSocket', 'Math'];

type Body = (...values: unknown[]) => void;

/** A fault put in on purpose: a text of a built file, and what stands in its place. */
export interface Mutation {
	file: string;
	replace: RegExp;
	by: string;
}

/** The code of the package, compiled once and run in each process. */
export class PackageCode {
	private readonly bodies = new Map<string, Body>();

	constructor(private readonly mutation?: Mutation) {}

	body(path: string): Body {
		const known = this.bodies.get(path);
		if (known) return known;
		const body = compileFunction(this.read(path), PARAMETERS, { filename: path }) as Body;
		this.bodies.set(path, body);
		return body;
	}

	private read(path: string): string {
		const text = readFileSync(path, 'utf8');
		if (!this.mutation || path !== join(DIST, this.mutation.file)) return text;
		const { replace, by } = this.mutation;
		if (!replace.test(text)) throw new Error(`${this.mutation.file} has no ${String(replace)}; adapt the mutation`);
		return text.replace(replace, by);
	}
}

export interface ProcessOptions {
	WebSocket?: unknown;
	/** From 0 to 1. */
	random: () => number;
}

/** One for all: to make one takes long. */
const TIMED_OUT = new DOMException('The operation timed out', 'TimeoutError');

const load = createRequire(__filename);

export class PackageProcess {
	/** By how much the clock of this process differs from the true time. */
	clockOffset = 0;
	private isDead = false;
	private readonly modules = new Map<string, { exports: unknown }>();
	private readonly globals: unknown[];
	private readonly n8nWorkflow: object;

	constructor(
		private readonly code: PackageCode,
		private readonly time: Time,
		{ WebSocket, random }: ProcessOptions,
	) {
		const now = (): number => this.time.now + this.clockOffset;
		class ProcessDate extends Date {
			constructor(...values: [] | [number | string]) {
				super(...((values.length === 0 ? [now()] : values) as [number]));
			}
			static override now = now;
		}
		const signals = new Proxy(AbortSignal, {
			get: (target, name): unknown =>
				name === 'timeout' ? (ms: number) => this.timeoutSignal(ms) : Reflect.get(target, name),
		});
		const numbers = Object.create(Math, { random: { value: random } }) as Math;
		this.globals = [ProcessDate, signals, { now: () => this.time.now }, WebSocket, numbers];
		const sleep = async (ms: number): Promise<void> => await new Promise((end) => this.later(ms, end));
		this.n8nWorkflow = Object.create(load('n8n-workflow') as object, { sleep: { value: sleep } }) as object;
	}

	/** The exports of a built file, by its path in `dist` without `.js`. */
	load<T>(path: string): T {
		return this.require(join(DIST, `${path}.js`)) as T;
	}

	/** Nothing of this process happens any more. */
	kill(): void {
		this.isDead = true;
	}

	private later(ms: number, run: () => void): void {
		this.time.at(ms, () => {
			if (!this.isDead) run();
		});
	}

	private timeoutSignal(ms: number): AbortSignal {
		const controller = new AbortController();
		this.later(ms, () => controller.abort(TIMED_OUT));
		return controller.signal;
	}

	private require(path: string): unknown {
		const known = this.modules.get(path);
		if (known) return known.exports;
		const module = { exports: {} as unknown };
		this.modules.set(path, module);
		const require = (name: string): unknown => {
			if (name === 'n8n-workflow') return this.n8nWorkflow;
			if (!name.startsWith('.')) return load(name);
			return this.require(this.find(resolve(dirname(path), name)));
		};
		this.code.body(path)(module.exports, require, module, ...this.globals);
		return module.exports;
	}

	private find(path: string): string {
		if (path.endsWith('.js') || path.endsWith('.json')) return path;
		try {
			this.code.body(`${path}.js`);
			return `${path}.js`;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
			return join(path, 'index.js');
		}
	}
}
