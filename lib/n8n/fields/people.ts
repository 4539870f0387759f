/** Fields for people: a locator for one person, a list for several; accepts names, mobile numbers, e-mail addresses and IDs. */
import type { INodeProperties } from 'n8n-workflow';
import { api, type ApiCall } from '../../dingtalk/endpoints';
import {
	AmbiguousPersonError,
	RejectedPersonError,
	UnknownEmailError,
	UnknownPersonError,
	UnresolvedPersonError,
} from '../../dingtalk/people/directory';
import { DingTalkError } from '../../dingtalk/errors/DingTalkError';
import { parseIdentifier, type Identifier, type IdentifyBy } from '../../dingtalk/people/parseIdentifier';
import { isObject } from '../../dingtalk/utils/json';
import type { Item } from '../ItemContext';
import { InputError } from '../InputError';
import { readChoice, readList } from './primitives';
import { lowerFirst, t, translate } from '../../locale/t';

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

const ADVICE = t`Enter a name, a mobile number, an e-mail address, a user ID (DingTalk admin console, Contacts) or a union ID.`;

const CHECK_SPELLING = t`Check the spelling, or enter the mobile number or the user ID (DingTalk admin console, Contacts). Only active members within your app's contact range are found.`;

const TAKE_ONE = t`Enter one of the listed user IDs instead.`;

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
		const identified = parseIdentifier(raw, by, item.directory.show);
		if ('problem' in identified) throw createUnusableError(label, identified.problem);
		this.identified = identified;
	}

	/** As the user entered it, to be recognized in the output. */
	get typed(): string {
		return this.raw;
	}

	/** The same for entries that are certainly the same person. */
	get key(): string {
		const { kind, value, typed = value } = this.identified;
		return `${kind} ${typed}`;
	}

	/** `call` is the request that needs the ID, where it needs a special form of it. */
	async unionId(call?: ApiCall): Promise<string> {
		return await this.resolve(call).catch(async (error: Error) => await Promise.reject(this.withLabel(error)));
	}

	/** The union ID; for an e-mail address that is not in the directory, the address. */
	async unionIdOrEmail(): Promise<{ id: string } | { email: string }> {
		try {
			return { id: await this.resolve() };
		} catch (error) {
			if (error instanceof UnknownEmailError) return { email: this.identified.value };
			throw this.withLabel(error as Error);
		}
	}

	private async resolve(call?: ApiCall): Promise<string> {
		const id = await this.item.directory.resolveUnionId(this.identified, this.raw, call);
		const name = /^([^<>]+)<[^<>]+>$/.exec(this.raw)?.[1].trim();
		if (name) this.item.directory.noteName(id, name);
		return id;
	}

	private withLabel(error: Error): Error {
		if (error instanceof AmbiguousPersonError) return createUnusableError(this.label, error.message, TAKE_ONE);
		if (error instanceof UnknownPersonError) return createUnusableError(this.label, error.message, CHECK_SPELLING);
		if (error instanceof UnresolvedPersonError) return createUnusableError(this.label, error.message);
		if (!(error instanceof RejectedPersonError)) return error;
		return new DingTalkError({
			...error.details,
			message: t`'${translate(this.label)}' cannot be used: ${lowerFirst(error.message)}`,
		});
	}
}

/** Room for the ten people of one name that a problem can list. */
const MAX_PROBLEM_LENGTH = 2000;

const createUnusableError = (label: string, problem: string, advice = ADVICE): InputError =>
	new InputError(label, t`cannot be used: ${problem}`, advice, MAX_PROBLEM_LENGTH);

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
					hint: 'Search by name, mobile number or department',
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
			if (raw === '') throw new InputError(label, t`is empty`, ADVICE);
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
	throw createUnusableError(label, t`the number ${value} is not exact; enter an ID of this length as text`);
}

/** Several people, separated by commas or lines, as JSON or as an array. */
export function readPeople(item: Item, value: unknown, label: string, by: IdentifyBy = 'auto'): PersonReference[] {
	return (typeof value === 'number' ? [value] : readList(value))
		.filter((entry) => entry !== null && entry !== undefined)
		.map((entry) => {
			const raw = readPersonText(entry, label, by);
			// Silently leaving out a person would be worse than an error.
			if (raw === '') throw createUnusableError(label, t`one entry has no name, number or ID`);
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

/** A person in the output: the name, with the ID that all people fields accept as input. */
export const formatPerson = ({ displayName, id = '' }: { displayName?: string; id?: string }): string =>
	displayName ? `${displayName} <${id}>` : id;

/** The person who was chosen in a locator, for output, with a name that is known already, as from the list. */
export const describeChosen = (item: Item, id: string, name = 'user'): string =>
	formatPerson({ id, displayName: item.directory.knownNameOf(id) ?? item.locatorLabel(name)?.split(' · ')[0] });
