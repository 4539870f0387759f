/** Where a person is asked for: a locator for one, a list for several. Any of the names a person has will do. */
import type { INodeProperties } from 'n8n-workflow';
import { api, type ApiCall } from '../../dingtalk/endpoints';
import { LIMITS } from '../../dingtalk/limits';
import type { Invitation } from '../../dingtalk/events/attendees';
import { RefusedPerson, UnclearPerson } from '../../dingtalk/people/directory';
import { DingTalkError } from '../../dingtalk/errors/DingTalkError';
import { identify, type Identified, type IdentifyBy } from '../../dingtalk/people/parseIdentifier';
import { isObject } from '../../dingtalk/utils/isObject';
import type { Item } from '../ItemContext';
import { InputError } from '../InputError';
import { readChoice, readList, readText } from './primitives';

/** What finding people may take; every operation that asks for one may make these calls, none of them metered. */
export const PERSON_LOOKUPS: readonly ApiCall[] = [
	api.userByUserId,
	api.userIdByMobile,
	api.searchPeople,
	api.searchDepartments,
	api.department,
	api.departmentMembers,
	api.subDepartments,
	api.myself,
];

const ADVICE =
	'Give a name, a mobile number, an e-mail address, a user ID (DingTalk admin console, Contacts) or a union ID.';

const IDENTIFY_BY: readonly IdentifyBy[] = ['auto', 'unionId', 'userId', 'mobile', 'email', 'name'];

/** Lists and agents give no kind. */
export const toIdentifyBy = (mode: string | undefined): IdentifyBy => IDENTIFY_BY.find((kind) => kind === mode) ?? 'auto';

/** A person as typed and found to make sense; the union ID is looked up only when it is needed. */
export class PersonReference {
	private readonly identified: Identified;

	constructor(
		private readonly item: Item,
		private readonly label: string,
		private readonly raw: string,
		by: IdentifyBy,
	) {
		const identified = identify(raw, by);
		if ('problem' in identified) throw createUnusableError(label, identified.problem);
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
			.catch(
				async (error: Error) =>
					await Promise.reject(
						error instanceof UnclearPerson ? createUnusableError(this.label, error.message) : this.named(error),
					),
			);
	}

	private named(error: Error): Error {
		if (!(error instanceof RefusedPerson)) return error;
		const problem = error.message.charAt(0).toLowerCase() + error.message.slice(1);
		return new DingTalkError({ ...error.details, message: `'${this.label}' cannot be used: ${problem}` });
	}
}

const createUnusableError = (label: string, problem: string): InputError =>
	new InputError(label, `cannot be used: ${problem}`, ADVICE);

export interface PersonField {
	property: INodeProperties;
	read(item: Item): PersonReference;
}

/** One person, in a field of its own. `user` is the name wherever it says whose calendar is meant. */
export function personField(label: string, description: string, name = 'user'): PersonField {
	return {
		property: {
			displayName: label,
			name,
			type: 'resourceLocator',
			required: true,
			default: { mode: 'list', value: '' },
			description,
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					placeholder: 'Choose a person',
					typeOptions: { searchListMethod: 'searchPeople', searchable: true },
				},
				{
					displayName: 'By Name, Mobile or ID',
					name: 'auto',
					type: 'string',
					placeholder: 'e.g. 13800138000',
					hint: 'A name, mobile number, e-mail address, user ID or union ID',
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
			const by = toIdentifyBy(item.locatorMode(name));
			const raw = readPersonText(item.value(name), label, by);
			if (raw === '') throw new InputError(label, 'is empty', ADVICE);
			return new PersonReference(item, label, raw, by);
		},
	};
}

/** The most exact first. */
const PERSON_KEYS = ['unionId', 'unionid', 'id', 'userId', 'userid', 'mobile', 'email', 'name'];

/** Output of this node, of contacts nodes and of sheets is handed on as it is, empty cells included. */
function readPersonText(value: unknown, label: string, by: IdentifyBy): string {
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number') return readDigits(value, label);
	if (!isObject(value)) return '';
	for (const key of [by, ...PERSON_KEYS]) {
		const text = readPersonText(value[key], label, by);
		if (text !== '') return text;
	}
	return '';
}

/** User IDs may have more digits than a number holds; the ID of somebody else would be worse than none. */
function readDigits(value: number, label: string): string {
	if (Number.isSafeInteger(value)) return String(value);
	throw createUnusableError(label, `the number ${value} is not exact; IDs this long must be given as text`);
}

/** Several people: commas, lines, JSON or an array. */
export function readPeople(item: Item, value: unknown, label: string, by: IdentifyBy = 'auto'): PersonReference[] {
	return (typeof value === 'number' ? [value] : readList(value))
		.filter((entry) => entry !== null && entry !== undefined)
		.map((entry) => {
			const raw = readPersonText(entry, label, by);
			// Leaving somebody out without a word would be worse than stopping.
			if (raw === '') throw createUnusableError(label, 'one entry has no name, number or ID');
			return new PersonReference(item, label, raw, by);
		});
}

export const resolveUnionIds = async (people: PersonReference[]): Promise<string[]> =>
	await Promise.all(people.map(async (who) => await who.unionId()));

export const readIdentifyBy = (value: unknown): IdentifyBy => readChoice(value ?? 'auto', 'Identify People By', IDENTIFY_BY);

export const identifyByField: INodeProperties = {
	displayName: 'Identify People By',
	name: 'identifyBy',
	type: 'options',
	default: 'auto',
	description:
		'How the people in the lists are written. The node can tell by itself unless your user IDs look like something else.',
	options: [
		{ name: 'Any (Decide for Each)', value: 'auto' },
		{ name: 'E-Mail', value: 'email' },
		{ name: 'Mobile', value: 'mobile' },
		{ name: 'Name', value: 'name' },
		{ name: 'Union ID', value: 'unionId' },
		{ name: 'User ID', value: 'userId' },
	],
};

export const lookUpNamesField: INodeProperties = {
	displayName: 'Look Up Names',
	name: 'lookUpNames',
	type: 'boolean',
	default: true,
	description: 'Whether to ask contacts for the names; two calls for each person, free of the monthly quota',
};

/** A list of people under any label. */
export const peopleField = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder: 'e.g. Zhang Wei, 13800138000',
	description: `${description}: names, mobile numbers, e-mail addresses or IDs, separated by commas. An expression may give a list.`,
});

export const attendeesField: INodeProperties = {
	displayName: 'Attendees',
	name: 'attendees',
	type: 'string',
	default: '',
	placeholder: 'e.g. Zhang Wei, 13800138000',
	description: 'Names, mobile numbers, e-mail addresses or IDs, separated by commas. An expression may give a list.',
};

export const optionalAttendeesField: INodeProperties = {
	displayName: 'Optional Attendees',
	name: 'optionalAttendees',
	type: 'string',
	default: '',
	placeholder: 'e.g. 13700137000',
	description: 'People who need not come, written like the attendees',
};

export const departmentsField: INodeProperties = {
	displayName: 'Departments',
	name: 'departments',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'Everybody in a department and in those below it is invited, except the organizer',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a department',
			typeOptions: { searchListMethod: 'searchDepartments', searchable: true },
		},
		{
			displayName: 'By Name or ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. Sales, 510010004',
			hint: 'Several may be given, separated by commas',
		},
	],
};

/** The people of departments are looked up when the returned function runs. */
function readDepartments(item: Item, value: unknown): () => Promise<string[]> {
	const departments = readList(value).map((one) => readText(one, 'Departments').trim());
	return async () => {
		const members = await Promise.all(
			departments.map(
				async (one) =>
					await item.directory
						.membersOf(one)
						.catch(
							async (error: Error) =>
								await Promise.reject(
									error instanceof UnclearPerson
										? new InputError(
												'Departments',
												`cannot be used: ${error.message}`,
												'Choose from the list, or give a name or an ID.',
											)
										: error,
								),
						),
			),
		);
		return members.flat();
	};
}

/**
 * Checks both lists now; the union IDs are looked up when the returned function runs. `ifNobody` is the advice where
 * at least one person is needed.
 */
export function readAttendees(
	item: Item,
	typed: { attendees?: unknown; optionalAttendees?: unknown; departments?: unknown; identifyBy?: unknown },
	ifNobody?: string,
): (organizerId?: string) => Promise<Invitation[]> {
	const by = readIdentifyBy(typed.identifyBy);
	const required = readPeople(item, typed.attendees, 'Attendees', by);
	const optional = readPeople(item, typed.optionalAttendees, 'Optional Attendees', by);
	const departments = readDepartments(item, typed.departments);
	if (ifNobody !== undefined && required.length + optional.length + readList(typed.departments).length === 0) {
		throw new InputError('Attendees', 'is empty', ifNobody);
	}
	checkAttendeeLimit(required.length + optional.length);
	return async (organizerId) => {
		const members = (await departments()).filter((id) => id !== organizerId);
		const requiredIds = new Set([...(await resolveUnionIds(required)), ...members]);
		// Named twice, also by two of their names, somebody comes once; who is required stays required.
		const all = new Set([...requiredIds, ...(await resolveUnionIds(optional))]);
		if (ifNobody !== undefined && all.size === 0) {
			throw new InputError('Departments', 'have nobody in them but the organizer', ifNobody);
		}
		checkAttendeeLimit(all.size);
		return [...all].map((id) => ({ id, isOptional: !requiredIds.has(id) }));
	};
}

function checkAttendeeLimit(count: number): void {
	if (count <= LIMITS.attendeesPerEvent) return;
	throw new InputError(
		'Attendees',
		`names ${count} people, DingTalk takes ${LIMITS.attendeesPerEvent} an event`,
		'Split them over several events.',
	);
}

/** A person in output: the name people know, with the ID that every people field takes back as input. */
export const formatPerson = ({ displayName, id = '' }: { displayName?: string; id?: string }): string =>
	displayName ? `${displayName} <${id}>` : id;
