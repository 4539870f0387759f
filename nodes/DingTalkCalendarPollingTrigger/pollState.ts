/**
 * Reads and writes the state of polling in n8n's static data. Exported, copied and restored workflows take it along, so it
 * records its owner; the state of another owner is ignored.
 */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { Account } from '../../lib/dingtalk/account';
import { hashText } from '../../lib/dingtalk/utils/hash';
import { isObject } from '../../lib/dingtalk/utils/isObject';
import { DAY } from '../../lib/dingtalk/utils/time';
import { triggerId } from '../../lib/n8n/triggers/context';
import type { PersonState } from './pollPerson';

const shortHash = (parts: unknown): string => hashText(JSON.stringify(parts), 16);

/** Part of the static data of workflows, so its keys must stay as they are. */
export interface PollState {
	/** By union ID. */
	people: Record<string, PersonState>;
	/** Union IDs by what the user entered. */
	ids: Record<string, string>;
	/** When the union IDs were looked up. */
	idsAt: number;
	/** The position of the person with whom the next poll begins, if the last one had no time for all. */
	turn: number;
}

const EMPTY_STATE: PollState = { people: {}, ids: {}, idsAt: 0, turn: 0 };

export class PollStateStore {
	private readonly owner: string;

	/** The kinds of change are part of the owner, because what is stored depends on them. */
	constructor(
		context: IPollFunctions,
		private readonly data: IDataObject,
		{ hosts, appType, clientId, corpId }: Account,
		kinds: Set<string>,
	) {
		this.owner = shortHash([triggerId(context), hosts.api, appType, clientId, corpId, [...kinds].sort()]);
	}

	/** Whether the stored state belongs to another workflow, node, app or selection of changes. */
	get isForeign(): boolean {
		return this.data.owner !== undefined && this.data.owner !== this.owner;
	}

	read(now: number): PollState {
		const { people, ids, idsAt, turn } = this.data;
		if (this.data.owner !== this.owner || !isObject(people)) return EMPTY_STATE;
		// Looked up again every day: a mobile number may be assigned to another person.
		const isFresh = isObject(ids) && typeof idsAt === 'number' && now - idsAt < DAY;
		return {
			people: people as PollState['people'],
			ids: isFresh ? (ids as PollState['ids']) : {},
			idsAt: isFresh ? idsAt : now,
			turn: typeof turn === 'number' ? turn : 0,
		};
	}

	/** Writes everything at once, so that n8n never saves an incomplete state. */
	write(state: PollState): void {
		if (this.data.owner !== this.owner) for (const key of Object.keys(this.data)) delete this.data[key];
		Object.assign(this.data, { owner: this.owner, ...state });
	}
}
