/** Where a person is asked for: a locator for one, a list for several. Any of the names a person has will do. */
import type { INodeProperties } from 'n8n-workflow';
import { api, LIMITS, type ApiCall } from '../../dingtalk/api';
import type { Invitation } from '../../dingtalk/attendees';
import { UnclearPerson } from '../../dingtalk/directory';
import { identify, type Identified, type IdentifyBy } from '../../dingtalk/identify';
import { isObject, type Item } from '../runner/item';
import { InputError } from '../runner/inputError';
import { readChoice, readList } from './text';

/** What finding people may take; every operation that asks for one may make these calls, none of them metered. */
export const PEOPLE_LOOK_UPS: readonly ApiCall[] = [api.userByUserId, api.userIdByMobile, api.myself];

const ADVICE = 'Give a mobile number, a user ID (DingTalk admin console, Contacts) or a union ID.';

const KINDS: readonly IdentifyBy[] = ['auto', 'unionId', 'userId', 'mobile'];

/** A person as typed and found to make sense; the union ID is looked up only when it is needed. */
export class Who {
	private readonly identified: Identified;

	constructor(
		private readonly item: Item,
		private readonly label: string,
		private readonly raw: string,
		by: IdentifyBy,
	) {
		const identified = identify(raw, by);
		if ('problem' in identified) throw cannotBeUsed(label, identified.problem);
		this.identified = identified;
	}

	/** As the user wrote it, to be recognized in the output. */
	get typed(): string {
		return this.raw;
	}

	/** `call` is what the ID is for, where that is not a plain path. */
	async unionId(call?: ApiCall): Promise<string> {
		return await this.item.directory
			.unionId(this.identified, this.raw, call)
			.catch(async (error: Error) =>
				await Promise.reject(error instanceof UnclearPerson ? cannotBeUsed(this.label, error.message) : error),
			);
	}
}

const cannotBeUsed = (label: string, problem: string): InputError => new InputError(label, `cannot be used: ${problem}`, ADVICE);

export interface PersonField {
	property: INodeProperties;
	read(item: Item): Who;
}

/** One person, in a field of its own. `user` is the name wherever it says whose calendar is meant. */
export function person(label: string, description: string, name = 'user'): PersonField {
	return {
		property: {
			displayName: label,
			name,
			type: 'resourceLocator',
			required: true,
			default: { mode: 'auto', value: '' },
			description,
			modes: [
				{
					displayName: 'Any ID or Mobile',
					name: 'auto',
					type: 'string',
					placeholder: 'e.g. 13800138000',
					hint: 'A mobile number, user ID or union ID',
				},
				{ displayName: 'Mobile', name: 'mobile', type: 'string', placeholder: 'e.g. 13800138000' },
				{
					displayName: 'User ID',
					name: 'userId',
					type: 'string',
					placeholder: 'e.g. 0123456789012345',
					hint: 'Shown in the DingTalk admin console, under Contacts',
				},
				{ displayName: 'Union ID', name: 'unionId', type: 'string', placeholder: 'e.g. iPkYRT2JqFaiE4fXkiiEiE' },
			],
		},
		read(item) {
			const mode = item.mode(name);
			const raw = personText(item.value(name));
			if (raw === '') throw new InputError(label, 'is empty', ADVICE);
			return new Who(item, label, raw, KINDS.find((kind) => kind === mode) ?? 'auto');
		},
	};
}

/** The most exact first. */
const KEYS = ['unionId', 'unionid', 'id', 'userId', 'userid', 'mobile'];

/** Output of this node, of contacts nodes and of sheets is handed on as it is, empty cells included. */
function personText(value: unknown): string {
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number') return String(value);
	if (!isObject(value)) return '';
	return KEYS.map((key) => personText(value[key])).find((text) => text !== '') ?? '';
}

/** Several people: commas, lines, JSON or an array. */
export function readPeople(item: Item, value: unknown, label: string, by: IdentifyBy = 'auto'): Who[] {
	return readList(value)
		.filter((entry) => entry !== null && entry !== undefined)
		.map((entry) => {
			const raw = personText(entry);
			// Leaving somebody out without a word would be worse than stopping.
			if (raw === '') throw cannotBeUsed(label, 'one entry has neither an ID nor a mobile number');
			return new Who(item, label, raw, by);
		});
}

export const readIdentifyBy = (value: unknown): IdentifyBy => readChoice(value ?? 'auto', 'Identify People By', KINDS);

export const identifyByField: INodeProperties = {
	displayName: 'Identify People By',
	name: 'identifyBy',
	type: 'options',
	default: 'auto',
	description: 'How the people in the lists are written. The node can tell by itself unless your user IDs look like something else.',
	options: [
		{ name: 'Any (Decide for Each)', value: 'auto' },
		{ name: 'Mobile', value: 'mobile' },
		{ name: 'Union ID', value: 'unionId' },
		{ name: 'User ID', value: 'userId' },
	],
};

/** A list of people under any label. */
export const peopleField = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder: 'e.g. 13800138000, 13900139000',
	description: `${description}: mobile numbers, user IDs or union IDs, separated by commas. An expression may give a list.`,
});

export const attendeesField: INodeProperties = {
	displayName: 'Attendees',
	name: 'attendees',
	type: 'string',
	default: '',
	placeholder: 'e.g. 13800138000, 13900139000',
	description: 'Mobile numbers, user IDs or union IDs, separated by commas. An expression may give a list.',
};

export const optionalAttendeesField: INodeProperties = {
	displayName: 'Optional Attendees',
	name: 'optionalAttendees',
	type: 'string',
	default: '',
	placeholder: 'e.g. 13700137000',
	description: 'People who need not come, written like the attendees',
};

/**
 * Checks both lists now; the union IDs are looked up when the returned function runs. `ifNobody` is the advice where
 * at least one person is needed.
 */
export function readAttendees(
	item: Item,
	typed: { attendees?: unknown; optionalAttendees?: unknown; identifyBy?: unknown },
	ifNobody?: string,
): () => Promise<Invitation[]> {
	const by = readIdentifyBy(typed.identifyBy);
	const required = readPeople(item, typed.attendees, 'Attendees', by);
	const optional = readPeople(item, typed.optionalAttendees, 'Optional Attendees', by);
	if (ifNobody !== undefined && required.length + optional.length === 0) {
		throw new InputError('Attendees', 'is empty', ifNobody);
	}
	if (required.length + optional.length > LIMITS.attendeesPerEvent) {
		throw new InputError(
			'Attendees',
			`names ${required.length + optional.length} people, DingTalk takes ${LIMITS.attendeesPerEvent} an event`,
			'Split them over several events.',
		);
	}
	return async () => {
		const ids = async (people: Who[]) => await Promise.all(people.map(async (who) => await who.unionId()));
		const requiredIds = new Set(await ids(required));
		// Named twice, also by two of their names, somebody comes once; who is required stays required.
		const all = new Set([...requiredIds, ...(await ids(optional))]);
		return [...all].map((id) => ({ id, isOptional: !requiredIds.has(id) }));
	};
}

/** A person in output: the name people know, with the ID that every people field takes back as input. */
export const named = ({ displayName, id = '' }: { displayName?: string; id?: string }): string =>
	displayName ? `${displayName} <${id}>` : id;
