/** One process of n8n as the package sees it: modules of its own, loaded anew, with clocks and sockets of the history. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

import { BUNDLE, changeModule } from '../bundledModule';
import type { Time } from './time';

const PARAMETERS = ['exports', 'require', 'module', 'Date', 'AbortSignal', 'performance', 'WebSocket', 'Math'];

type Body = (...values: unknown[]) => void;

/** A fault put in on purpose: a text of a built module, and what stands in its place. */
export interface Mutation {
	module: string;
	replace: RegExp;
	by: string;
}

/** The code of the package, compiled once and run in each process. */
export class PackageCode {
	readonly run: Body;

	constructor(mutation?: Mutation) {
		const text = readFileSync(BUNDLE, 'utf8');
		const code = mutation ? changeModule(text, mutation.module, (module) => mutate(module, mutation)) : text;
		this.run = compileFunction(code, PARAMETERS, { filename: BUNDLE }) as Body;
	}
}

function mutate(code: string, { module, replace, by }: Mutation): string {
	if (!replace.test(code)) throw new Error(`${module} has no ${String(replace)}; adapt the mutation`);
	return code.replace(replace, by);
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
	private readonly modules: (path: string) => unknown;

	constructor(
		code: PackageCode,
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
		const globals = [ProcessDate, signals, { now: () => this.time.now }, WebSocket, numbers];
		const sleep = async (ms: number): Promise<void> => await new Promise((end) => this.later(ms, end));
		const n8nWorkflow = Object.create(load('n8n-workflow') as object, { sleep: { value: sleep } }) as object;
		const require = (name: string): unknown => (name === 'n8n-workflow' ? n8nWorkflow : load(name));
		const module = { exports: {} as unknown };
		code.run(module.exports, require, module, ...globals);
		this.modules = module.exports as (path: string) => unknown;
	}

	/** The exports of a module, by the path of its source without its ending. */
	load<T>(path: string): T {
		return this.modules(path) as T;
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
}
