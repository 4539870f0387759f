/** Faults that are put into the package on purpose, to show that the histories find them. */
import { BUNDLE, changeModule } from './bundledModule';

export interface Mutant {
	name: string;
	/** The path of the module's source, without its ending. */
	module: string;
	/** Texts of the built module, and what they become. */
	changes: Array<[from: string, to: string]>;
}

export const MUTANTS: Mutant[] = [
	{
		name: 'a dropped ledger entry',
		module: 'lib/dingtalk/client/writeLedger',
		changes: [['this.writes.byName.set(this.name, this.entry);', 'this.writes.byName.delete(this.name);']],
	},
	{
		name: 'the run index in the key',
		module: 'lib/n8n/retries/workIdentity',
		changes: [
			['this.runIndex = this.isTool ? 0 : Number(proxy.$runIndex);', 'this.runIndex = Number(proxy.$runIndex);'],
			['return [this.name, runIndex, content', 'return [this.name, this.runIndex, runIndex, content'],
		],
	},
	{
		name: 'a deletion that any refusal confirms',
		module: 'lib/dingtalk/client/client',
		changes: [
			[
				'isDeletion && (await (0, retryPolicy_1().isGone)(this, outcome, lost, call, input))',
				"call.method === 'DELETE'",
			],
		],
	},
	{
		name: 'a lost change that is not made again after another has replaced it',
		module: 'lib/dingtalk/client/writeLedger',
		changes: [['this.isUndone = isUnconfirmed &&', 'this.isUndone = false &&']],
	},
	{
		name: 'a failed booking that keeps no meeting of another process',
		module: 'lib/dingtalk/rooms/bookMeeting',
		changes: [['await this.throwIfToBeKept(pendingEvent.eventId, reason);', ';']],
	},
	{
		name: 'a meeting that is said to have the room which the process has released',
		module: 'lib/dingtalk/rooms/bookMeeting',
		changes: [['(0, bookingAttempts_1().reopenIfRoomChanged)(attempt, client);', ';']],
	},
];

interface NativeModules {
	require: NodeJS.Require;
}

interface CompilingModule {
	prototype: { _compile(content: string, file: string): unknown };
}

/** Until the returned function is called, the package is loaded with this fault. */
export function infect({ module, changes }: Mutant): () => void {
	const native = (globalThis as unknown as Record<symbol, NativeModules>)[Symbol.for('nativeModules')];
	const { prototype } = native.require('node:module') as unknown as CompilingModule;
	const { _compile: compile } = prototype;
	prototype._compile = function (content, path) {
		if (path !== BUNDLE) return compile.call(this, content, path);
		const infect = (code: string): string =>
			changes.reduce((text, [from, to]) => {
				if (!text.includes(from)) throw new Error(`${module} has no «${from}» any more: adapt the mutant`);
				return text.replace(from, to);
			}, code);
		return compile.call(this, changeModule(content, module, infect), path);
	};
	return () => {
		prototype._compile = compile;
	};
}
