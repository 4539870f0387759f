/** The fields for the attendees of an event: people, optional people and departments. */
import type { INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../dingtalk/limits';
import type { ExternalAttendee, Invitee } from '../../dingtalk/events/attendees';
import { UnresolvedPersonError } from '../../dingtalk/people/directory';
import { isObject } from '../../dingtalk/utils/json';
import type { Item } from '../ItemContext';
import { InputError } from '../InputError';
import { readIdentifyBy, readPeople, type PersonReference } from './people';
import { readBoolean, readList, readText } from './primitives';
import { t } from '../../locale/t';

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
			hint: "One department. For several, choose 'By Name or ID'.",
			typeOptions: { searchListMethod: 'searchDepartments', searchable: true },
		},
		{
			displayName: 'By Name or ID',
			// n8n writes its own label over a mode named `id`, which workflows of earlier versions have; it is read all the same.
			name: 'nameOrId',
			type: 'string',
			placeholder: 'e.g. Sales, 510010004',
			hint: 'Separate several departments with commas',
		},
	],
};

/** Everyone except: beside the departments in every operation that has them. */
export const leaveOutFields: { departments: INodeProperties; people: INodeProperties } = {
	departments: {
		...departmentsField,
		displayName: 'Leave Out Departments',
		name: 'leaveOutDepartments',
		description: 'Does not include the members of this department and its subdepartments, however they are named above',
	},
	people: {
		displayName: 'Leave Out People',
		name: 'leaveOutPeople',
		type: 'string',
		default: '',
		placeholder: 'e.g. Zhang Wei, 13800138000',
		description:
			'People not to include, such as members of a department who are on leave, in the same format as the attendees',
	},
};

/** Looks up the members when the returned function runs. */
function readDepartments(item: Item, value: unknown, label: string): () => Promise<string[]> {
	const departments = readList(value).map((one) => readText(one, label).trim());
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
												label,
												t`cannot be used: ${error.message}`,
												t`Choose from the list, or enter a name or an ID.`,
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
	return { required: entries.filter((entry) => !isMarkedOptional(entry)), optional: entries.filter(isMarkedOptional) };
}

/** A sheet has text or numbers there, and an empty cell says nothing. */
function isMarkedOptional(entry: unknown): boolean {
	const { isOptional } = isObject(entry) ? entry : {};
	return isOptional !== undefined && isOptional !== null && readBoolean(isOptional, 'isOptional');
}

/** What the fields for attendees hold. */
interface TypedAttendees {
	attendees?: unknown;
	optionalAttendees?: unknown;
	departments?: unknown;
	leaveOutPeople?: unknown;
	leaveOutDepartments?: unknown;
	identifyBy?: unknown;
}

/** Attendees who have a union ID, and guests who have only an e-mail address. */
export interface Invited {
	people: Invitee[];
	guests: ExternalAttendee[];
	/** The union IDs of everyone who is left out. */
	leftOut: ReadonlySet<string>;
}

/**
 * Validates the lists now; looks up the union IDs when the returned function runs. `adviceIfEmpty` is given where at least
 * one person is required.
 */
export function readAttendees(
	item: Item,
	typed: TypedAttendees,
	adviceIfEmpty?: string,
): (organizerId?: string) => Promise<Invitee[]> {
	const resolve = readInvited(item, typed, { adviceIfEmpty });
	return async (organizerId) => (await resolve(organizerId)).people;
}

const LISTS = ['attendees', 'optionalAttendees', 'departments', 'leaveOutPeople', 'leaveOutDepartments'] as const;

/** Shared by all items without such fields, each of which would otherwise keep lists that are empty. */
const inviteNobody = async (): Promise<Invited> =>
	await Promise.resolve({ people: [], guests: [], leftOut: new Set<string>() });

/** Like `readAttendees`; with `acceptsGuests`, an e-mail address outside the directory is a guest instead of an error. */
export function readInvited(
	item: Item,
	typed: TypedAttendees,
	{ acceptsGuests = false, adviceIfEmpty }: { acceptsGuests?: boolean; adviceIfEmpty?: string },
): (organizerId?: string) => Promise<Invited> {
	const by = readIdentifyBy(typed.identifyBy);
	if (adviceIfEmpty === undefined && LISTS.every((list) => typed[list] === undefined)) return inviteNobody;
	const attendees = splitOptional(typed.attendees);
	const required = readPeople(item, attendees.required, 'Attendees', by);
	const optional = [
		...readPeople(item, attendees.optional, 'Attendees', by),
		...readPeople(item, typed.optionalAttendees, 'Optional Attendees', by),
	];
	const departments = readDepartments(item, typed.departments, departmentsField.displayName);
	const { people: peopleField, departments: exceptField } = leaveOutFields;
	const exceptPeople = readPeople(item, typed.leaveOutPeople, peopleField.displayName, by);
	const exceptDepartments = readDepartments(item, typed.leaveOutDepartments, exceptField.displayName);
	if (adviceIfEmpty !== undefined && required.length + optional.length + readList(typed.departments).length === 0) {
		throw new InputError('Attendees', t`is empty`, adviceIfEmpty);
	}
	// Different entries can still be one person, which only their union IDs show.
	checkAttendeeLimit(new Set([...required, ...optional].map(({ key }) => key)).size);
	const resolve = async (person: PersonReference): Promise<{ id: string } | { email: string }> =>
		acceptsGuests ? await person.unionIdOrEmail() : { id: await person.unionId() };
	return async (organizerId) => {
		const members = (await departments()).filter((id) => id !== organizerId).map((id) => ({ id }));
		const except = splitGuests([
			...(await Promise.all(exceptPeople.map(resolve))),
			...(await exceptDepartments()).map((id) => ({ id })),
		]);
		const without = (invited: Array<{ id: string } | { email: string }>) =>
			splitGuests(
				invited.filter((one) => !('id' in one ? except.ids.has(one.id) : except.emails.has(one.email.toLowerCase()))),
			);
		const mustCome = without([...(await Promise.all(required.map(resolve))), ...members]);
		const mayCome = without(await Promise.all(optional.map(resolve)));
		// A person who is named twice, even by different names, is invited once; required wins over optional.
		const ids = new Set([...mustCome.ids, ...mayCome.ids]);
		const emails = new Map([...mayCome.emails, ...mustCome.emails]);
		if (adviceIfEmpty !== undefined && ids.size + emails.size === 0) {
			throw except.ids.size + except.emails.size > 0
				? new InputError('Attendees', t`names no one except the organizer and people to leave out`, adviceIfEmpty)
				: new InputError('Departments', t`have no members except the organizer`, adviceIfEmpty);
		}
		checkAttendeeLimit(ids.size + emails.size);
		return {
			people: [...ids].map((id) => ({ id, isOptional: !mustCome.ids.has(id) })),
			guests: [...emails].map(([address, email]) => ({ email, isOptional: !mustCome.emails.has(address) })),
			leftOut: except.ids,
		};
	};
}

/** The guests as they were entered, by their address in lower case: capitals do not make it another one. */
const splitGuests = (
	invited: Array<{ id: string } | { email: string }>,
): { ids: Set<string>; emails: Map<string, string> } => ({
	ids: new Set(invited.flatMap((one) => ('id' in one ? [one.id] : []))),
	emails: new Map(invited.flatMap((one) => ('email' in one ? [[one.email.toLowerCase(), one.email]] : []))),
});

function checkAttendeeLimit(count: number): void {
	if (count <= LIMITS.attendeesPerEvent) return;
	throw new InputError(
		'Attendees',
		t`names ${count} people, but DingTalk allows at most ${LIMITS.attendeesPerEvent} per event`,
		t`Split them among several events.`,
	);
}
