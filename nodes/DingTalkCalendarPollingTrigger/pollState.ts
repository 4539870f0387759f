/**
 * Where the polling stands, in n8n's static data. It travels with exported, copied and restored workflows, so it says whose
 * it is; what belongs to somebody else is worth nothing.
 */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { Account } from '../../lib/dingtalk/account';
import { hashText } from '../../lib/dingtalk/utils/hash';
import { isObject } from '../../lib/dingtalk/utils/isObject';
import { triggerId } from '../../lib/n8n/triggers/context';
import type { PersonState } from './pollPerson';
import { DAY } from '../../lib/dingtalk/utils/time';

const shortHash = (parts: unknown): string => hashText(JSON.stringify(parts), 16);

export interface PollState {
	people: Record<string, PersonState>;
	/** Union IDs by what was typed. */
	ids: Record<string, string>;
	idsAt: number;
	/** Whose turn is next, where a poll had no time for everybody. */
	turn: number;
}

const EMPTY_STATE: PollState = { people: {}, ids: {}, idsAt: 0, turn: 0 };

export class PollStateStore {
	private readonly owner: string;

	/** `kinds`: another choice needs other things remembered. */
	constructor(
		context: IPollFunctions,
		readonly data: IDataObject,
		{ hosts, appType, clientId, corpId }: Account,
		kinds: Set<string>,
	) {
		this.owner = shortHash([triggerId(context), hosts.api, appType, clientId, corpId, [...kinds].sort()]);
	}

	/** Whether something is stored that belongs to another workflow, node, app or choice of changes. */
	get isForeign(): boolean {
		return this.data.owner !== undefined && this.data.owner !== this.owner;
	}

	read(now: number): PollState {
		const { people, ids, idsAt, turn } = this.data;
		if (this.data.owner !== this.owner || !isObject(people)) return EMPTY_STATE;
		// A number may go to somebody else.
		const fresh = isObject(ids) && typeof idsAt === 'number' && now - idsAt < DAY;
		return {
			people: people as PollState['people'],
			ids: fresh ? (ids as PollState['ids']) : {},
			idsAt: fresh ? idsAt : now,
			turn: typeof turn === 'number' ? turn : 0,
		};
	}

	/** All at once, so that n8n never finds half of it. */
	write(position: PollState): void {
		if (this.data.owner !== this.owner) for (const key of Object.keys(this.data)) delete this.data[key];
		Object.assign(this.data, { owner: this.owner, ...position });
	}
}
