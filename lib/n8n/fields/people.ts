/** Fields for people: a locator for one person, a list for several; accepts names, mobile numbers, e-mail addresses and IDs. */
import type { INodeProperties } from 'n8n-workflow';
import { api, type ApiCall } from '../../dingtalk/endpoints';
import { LIMITS } from '../../dingtalk/limits';
import type { Invitee } from '../../dingtalk/events/attendees';
import { RejectedPersonError, UnresolvedPersonError } from '../../dingtalk/people/directory';
import { DingTalkError } from '../../dingtalk/errors/DingTalkError';
import { parseIdentifier, type Identifier, type IdentifyBy } from '../../dingtalk/people/parseIdentifier';
import { isObject } from '../../dingtalk/utils/isObject';
import type { Item } from '../ItemContext';
import { InputError } from '../InputError';
import { readChoice, readList, readText } from './primitives';

/** The calls that looking up people may make, none of them metered. */
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
	'Enter a name, a mobile number, an e-mail address, a user ID (DingTalk admin console, Contacts) or a union ID.';

const IDENTIFY_BY: readonly IdentifyBy[] = ['auto', 'unionId', 'userId', 'mobile', 'email', 'name'];

/** The mode of a locator; values from lists and agents have none. */
export const toIdentifyBy = (mode: string | undefined): IdentifyBy =>
	IDENTIFY_BY.find((kind) => kind === mode) ?? 'auto';

/** A person as entered and validated; the union ID is looked up only when it is needed. */
export class PersonReference {
	private readonly identified: Identifier;

	constructor(
		private readonly item: Item,
		private readonly label: string,
		private readonly raw: string,
		by: IdentifyBy,
	) {
		const identified = parseIdentifier(raw, by);
		if ('problem' in identified) throw createUnusableError(label, identified.problem);
		this.identified = identified;
	}

	/** As the user entered it, to be recognized in the output. */
	get typed(): string {
		return this.raw;
	}

	/** `call` is the request that needs the ID, where it needs a special form of it. */
	async unionId(call?: ApiCall): Promise<string> {
		return await this.item.directory
			.resolveUnionId(this.identified, this.raw, call)
			.catch(
				async (error: Error) =>
					await Promise.reject(
						error instanceof UnresolvedPersonError
							? createUnusableError(this.label, error.message)
							: this.withLabel(error),
					),
			);
	}

	private withLabel(error: Error): Error {
		if (!(error instanceof RejectedPersonError)) return error;
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

/** A field for one person. `user` is the name wherever it selects the owner of the calendar. */
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

/** The most specific first. */
const PERSON_KEYS = ['unionId', 'unionid', 'id', 'userId', 'userid', 'mobile', 'email', 'name'];

/** Accepts the output of this node, of contacts nodes and of sheets as it is, empty cells included. */
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

/** A user ID may have more digits than a number can hold exactly; rounding could give the ID of another person. */
function readDigits(value: number, label: string): string {
	if (Number.isSafeInteger(value)) return String(value);
	throw createUnusableError(label, `the number ${value} is not exact; enter an ID of this length as text`);
}

/** Several people, separated by commas or lines, as JSON or as an array. */
export function readPeople(item: Item, value: unknown, label: string, by: IdentifyBy = 'auto'): PersonReference[] {
	return (typeof value === 'number' ? [value] : readList(value))
		.filter((entry) => entry !== null && entry !== undefined)
		.map((entry) => {
			const raw = readPersonText(entry, label, by);
			// Silently leaving out a person would be worse than an error.
			if (raw === '') throw createUnusableError(label, 'one entry has no name, number or ID');
			return new PersonReference(item, label, raw, by);
		});
}

export const resolveUnionIds = async (people: PersonReference[]): Promise<string[]> =>
	await Promise.all(people.map(async (who) => await who.unionId()));

export const readIdentifyBy = (value: unknown): IdentifyBy =>
	readChoice(value ?? 'auto', 'Identify People By', IDENTIFY_BY);

export const identifyByField: INodeProperties = {
	displayName: 'Identify People By',
	name: 'identifyBy',
	type: 'options',
	default: 'auto',
	description:
		'How people are written in the lists. Detected automatically, unless your user IDs look like mobile numbers or names.',
	options: [
		{ name: 'Detect Automatically', value: 'auto' },
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
	description:
		'Whether to look up names in the contacts. Makes two calls per person that do not count toward the monthly quota.',
};

/** A list of people. */
export const peopleField = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder: 'e.g. Zhang Wei, 13800138000',
	description: `${description}: names, mobile numbers, e-mail addresses or IDs, separated by commas. An expression may return a list.`,
});

export const attendeesField: INodeProperties = {
	displayName: 'Attendees',
	name: 'attendees',
	type: 'string',
	default: '',
	placeholder: 'e.g. Zhang Wei, 13800138000',
	description: 'Names, mobile numbers, e-mail addresses or IDs, separated by commas. An expression may return a list.',
};

export const optionalAttendeesField: INodeProperties = {
	displayName: 'Optional Attendees',
	name: 'optionalAttendees',
	type: 'string',
	default: '',
	placeholder: 'e.g. 13700137000',
	description: 'People whose attendance is optional, in the same format as the attendees',
};

export const departmentsField: INodeProperties = {
	displayName: 'Departments',
	name: 'departments',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'Invites all members of the department and its subdepartments, except the organizer',
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
			hint: 'Separate several departments with commas',
		},
	],
};

/** Looks up the members when the returned function runs. */
function readDepartments(item: Item, value: unknown): () => Promise<string[]> {
	const departments = readList(value).map((one) => readText(one, 'Departments').trim());
	return async () => {
		const members = await Promise.all(
			departments.map(
				async (one) =>
					await item.directory
						.listMemberIds(one)
						.catch(
							async (error: Error) =>
								await Promise.reject(
									error instanceof UnresolvedPersonError
										? new InputError(
												'Departments',
												`cannot be used: ${error.message}`,
												'Choose from the list, or enter a name or an ID.',
											)
										: error,
								),
						),
			),
		);
		return members.flat();
	};
}

/** Entries as DingTalk returns them say themselves whether a person is optional. */
function splitOptional(value: unknown): { required: unknown; optional: unknown[] } {
	if (typeof value === 'number') return { required: value, optional: [] };
	const entries = readList(value);
	const isOptional = (entry: unknown): boolean => isObject(entry) && entry.isOptional === true;
	return { required: entries.filter((entry) => !isOptional(entry)), optional: entries.filter(isOptional) };
}

/**
 * Validates the lists now; looks up the union IDs when the returned function runs. `adviceIfEmpty` is given where at least
 * one person is required.
 */
export function readAttendees(
	item: Item,
	typed: { attendees?: unknown; optionalAttendees?: unknown; departments?: unknown; identifyBy?: unknown },
	adviceIfEmpty?: string,
): (organizerId?: string) => Promise<Invitee[]> {
	const by = readIdentifyBy(typed.identifyBy);
	const attendees = splitOptional(typed.attendees);
	const required = readPeople(item, attendees.required, 'Attendees', by);
	const optional = [
		...readPeople(item, attendees.optional, 'Attendees', by),
		...readPeople(item, typed.optionalAttendees, 'Optional Attendees', by),
	];
	const departments = readDepartments(item, typed.departments);
	if (adviceIfEmpty !== undefined && required.length + optional.length + readList(typed.departments).length === 0) {
		throw new InputError('Attendees', 'is empty', adviceIfEmpty);
	}
	checkAttendeeLimit(required.length + optional.length);
	return async (organizerId) => {
		const members = (await departments()).filter((id) => id !== organizerId);
		const requiredIds = new Set([...(await resolveUnionIds(required)), ...members]);
		// A person who is named twice, even by different names, is invited once; required wins over optional.
		const all = new Set([...requiredIds, ...(await resolveUnionIds(optional))]);
		if (adviceIfEmpty !== undefined && all.size === 0) {
			throw new InputError('Departments', 'have no members except the organizer', adviceIfEmpty);
		}
		checkAttendeeLimit(all.size);
		return [...all].map((id) => ({ id, isOptional: !requiredIds.has(id) }));
	};
}

function checkAttendeeLimit(count: number): void {
	if (count <= LIMITS.attendeesPerEvent) return;
	throw new InputError(
		'Attendees',
		`names ${count} people, but DingTalk allows at most ${LIMITS.attendeesPerEvent} per event`,
		'Split them among several events.',
	);
}

/** A person in the output: the name, with the ID that all people fields accept as input. */
export const formatPerson = ({ displayName, id = '' }: { displayName?: string; id?: string }): string =>
	displayName ? `${displayName} <${id}>` : id;
