/** Resolves names, mobile numbers, e-mail addresses and user IDs to the union IDs that calendar calls need. Lookups are free. */
import { api, ME, type ApiCall } from '../endpoints';
import type { Client } from '../client/types';
import {
	getDepartment,
	listAllMembers,
	getPerson,
	ROOT_DEPARTMENT,
	searchDepartments,
	searchPeople,
	findUserIdByMobile,
	findUserIdByUnionId,
	type ContactsPage,
	type Person,
} from './contactsApi';
import { DingTalkError, isForeign, type ErrorKind } from '../errors/DingTalkError';
import { maskNumber, toHalfWidth, redact, type Show, type IdentifierKind, type Identifier } from './parseIdentifier';
import { joinClauses, joinWords, t } from '../../locale/t';

/** The text matches no person, or several, or cannot be looked up. */
export class UnresolvedPersonError extends Error {}

/** No one whom the app may see has this name. */
export class UnknownPersonError extends UnresolvedPersonError {}

/** No one whom the app may see has this e-mail address. */
export class UnknownEmailError extends UnknownPersonError {}

/** Several people match, and the message lists them. */
export class AmbiguousPersonError extends UnresolvedPersonError {}

/** DingTalk rejected the lookup of this person: the ID does not exist, or the app may not see the person. */
export class RejectedPersonError extends DingTalkError {}

/** Error messages list at most this many people of one name. */
const MAX_LISTED = 10;

export class Directory {
	/** One lookup per key and run, shared by all items and fields, even while it is still in progress. */
	private readonly lookups = new Map<string, Promise<unknown>>();

	/** The names that lookups have returned, by union ID. */
	private readonly names = new Map<string, string>();

	/** `show` is how messages repeat what was typed: masked, unless only the person who typed it reads them. */
	constructor(
		private readonly client: Client,
		readonly show: Show = redact,
	) {}

	/**
	 * `raw` is the text as entered, for error messages. If `call` accepts `me` for the signed-in user, no lookup is needed.
	 */
	async resolveUnionId({ kind, value, typed = value }: Identifier, raw: string, call?: ApiCall): Promise<string> {
		if (kind === 'me' && call?.mePath && this.client.account.appType === 'user') return ME;
		if (kind === 'unionId') return value;
		return await this.lookUpOnce(`${kind} ${typed}`, async () => await this.resolve(kind, value, typed, raw));
	}

	/** A person's name for display; undefined if contacts do not return it. */
	async nameOf(unionId: string): Promise<string | undefined> {
		return await this.lookUpOnce(`name of ${unionId}`, async () => {
			const userId = await findUserIdByUnionId(this.client, unionId);
			return userId === undefined ? undefined : (await this.getPerson(userId)).name;
		}).catch(() => undefined);
	}

	/** A person's name if it is known already, without a lookup. */
	knownNameOf(unionId: string): string | undefined {
		return this.names.get(unionId);
	}

	/** Keeps a name that was given with the ID, for display. */
	noteName(unionId: string, name: string): void {
		if (!this.names.has(unionId)) this.names.set(unionId, name);
	}

	/** The union IDs of all members of a department and its subdepartments; the department is given by ID or name. */
	async listMemberIds(department: string): Promise<string[]> {
		const typed = department.trim();
		const text = toHalfWidth(typed);
		return await this.lookUpOnce(`members of ${typed}`, async () => {
			const id = DEPARTMENT_ID.test(text) ? Number(text) : await this.findDepartment(typed);
			return await this.collectMemberIds(id, department).catch(
				async (error: unknown) =>
					await Promise.reject(
						isUnknownDepartment(error)
							? new UnresolvedPersonError(t`no department has the ID or name '${this.show(department)}'`)
							: error,
					),
			);
		});
	}

	private async collectMemberIds(id: number, department: string): Promise<string[]> {
		const members = new Set<string>();
		for await (const people of listAllMembers(this.client, id)) {
			for (const { unionId, userId } of people) members.add(unionId || (await this.resolveUserId(userId, department)));
		}
		return [...members];
	}

	private async lookUpOnce<T>(key: string, read: () => Promise<T>): Promise<T> {
		let lookup = this.lookups.get(key) as Promise<T> | undefined;
		if (!lookup) {
			lookup = read().catch(async (error: unknown) => {
				// The next item may succeed.
				if (isTransient(error)) this.lookups.delete(key);
				return await Promise.reject(error as Error);
			});
			this.lookups.set(key, lookup);
		}
		return await lookup;
	}

	private async getPerson(userId: string): Promise<Person> {
		return await this.lookUpOnce(`person ${userId}`, async () => {
			const person = await getPerson(this.client, userId);
			if (person.unionId && person.name) this.names.set(person.unionId, person.name);
			return person;
		});
	}

	private async resolve(
		kind: Exclude<IdentifierKind, 'unionId'>,
		value: string,
		typed: string,
		raw: string,
	): Promise<string> {
		if (kind === 'me') return await this.getSignedInUser();
		const { appType } = this.client.account;
		if (appType === 'user') {
			throw new UnresolvedPersonError(
				t`'${this.show(raw)}' cannot be looked up with a credential of the type 'On Behalf of a User'; use a union ID, or 'me' for the signed-in user`,
			);
		}
		switch (kind) {
			case 'userId':
				return await this.resolveUserId(value, raw);
			case 'mobile': {
				if (api.userIdByMobile.notFor.some((refused) => refused === appType)) {
					throw new UnresolvedPersonError(
						t`DingTalk lets only internal apps look up mobile numbers; use a name or an ID for '${this.show(raw)}'`,
					);
				}
				const userId = await findUserIdByMobile(this.client, value).catch(addPersonToError(this.show(raw)));
				return await this.resolveUserId(requireId(userId, this.show(raw)), raw);
			}
			case 'email':
				return await this.resolveEmail(value, raw);
			case 'name':
				return await this.resolveName([typed, value], raw, t`name`);
			case 'userIdOrName':
				return await this.resolveUserIdOrName(value, typed, raw);
		}
	}

	private async resolveUserId(userId: string, raw: string): Promise<string> {
		return requireId((await this.getPerson(userId).catch(addPersonToError(this.show(raw)))).unionId, this.show(raw));
	}

	private async resolveUserIdOrName(text: string, typed: string, raw: string): Promise<string> {
		const person = await this.getPerson(text)
			.catch(async (error: unknown) => {
				if (isRefusal(error, ['missing', 'input'])) return undefined;
				return await Promise.reject(error as Error);
			})
			.catch(addPersonToError(this.show(raw)));
		return person
			? requireId(person.unionId, this.show(raw))
			: await this.resolveName([typed, text], raw, t`user ID or name`);
	}

	private async resolveName(spellings: string[], raw: string, description: string): Promise<string> {
		const { list, next } = await firstWithResults(
			spellings,
			async (text) => await searchPeople(this.client, { text, exact: true }),
		).catch(explainSearchError(this.show(raw), description));
		if (list.length === 0)
			throw new UnknownPersonError(t`no one in your organization has the ${description} '${this.show(raw)}'`);
		if (list.length === 1) return await this.resolveUserId(list[0], raw);
		const people = await Promise.all(
			list.slice(0, MAX_LISTED).map(async (userId) => await this.describePerson(userId)),
		);
		const more = list.length > MAX_LISTED || next !== undefined ? t` and more` : '';
		throw new AmbiguousPersonError(t`several people have the name '${this.show(raw)}': ${joinClauses(people)}${more}`);
	}

	/** Name, department and masked number: enough to tell apart people of the same name. */
	private async describePerson(userId: string): Promise<string> {
		const { name, mobile, departmentIds } = await this.getPerson(userId);
		const departments = await Promise.all(
			departmentIds.filter((id) => id !== ROOT_DEPARTMENT).map(async (id) => await this.getDepartmentName(id)),
		);
		const details = [departments.filter(Boolean).join('/'), mobile && maskNumber(mobile)].filter(Boolean).join(', ');
		return t`${name}${details ? t` (${details})` : ''} user ID ${userId}`;
	}

	private async getDepartmentName(id: number): Promise<string> {
		return await this.lookUpOnce(`department ${id}`, async () => (await getDepartment(this.client, id)).name).catch(
			() => '',
		);
	}

	/** DingTalk cannot search by e-mail address, so the whole directory is read, once per run. */
	private async resolveEmail(email: string, raw: string): Promise<string> {
		const peopleByEmail = await this.lookUpOnce('people by e-mail', async () => {
			const people = new Map<string, Map<string, Person>>();
			for await (const page of listAllMembers(this.client, ROOT_DEPARTMENT)) {
				for (const person of page) {
					for (const address of person.emails.map((email) => email.toLowerCase())) {
						people.set(address, (people.get(address) ?? new Map<string, Person>()).set(person.userId, person));
					}
				}
			}
			return people;
		});
		const people = [...(peopleByEmail.get(email.toLowerCase())?.values() ?? [])];
		if (people.length === 1) return people[0].unionId || (await this.resolveUserId(people[0].userId, raw));
		if (people.length > 1) {
			const userIds = people.slice(0, MAX_LISTED).map(({ name, userId }) => t`${name} user ID ${userId}`);
			throw new AmbiguousPersonError(
				t`several people have the e-mail address '${this.show(raw)}': ${joinClauses(userIds)}`,
			);
		}
		throw new UnknownEmailError(t`no one visible to your DingTalk app has the e-mail address '${this.show(raw)}'`);
	}

	private async findDepartment(name: string): Promise<number> {
		const { list } = await firstWithResults(
			[name, toHalfWidth(name)],
			async (text) => await searchDepartments(this.client, { text, exact: true }),
		).catch(explainSearchError(this.show(name), t`department name`));
		if (list.length === 1) return list[0];
		if (list.length === 0) throw new UnresolvedPersonError(t`no department has the ID or name '${this.show(name)}'`);
		throw new UnresolvedPersonError(
			t`several departments have the name '${this.show(name)}'; use one of the IDs ${joinWords(list.slice(0, MAX_LISTED).map(String))}`,
		);
	}

	private async getSignedInUser(): Promise<string> {
		if (this.client.account.appType !== 'user') {
			throw new UnresolvedPersonError(t`'me' works only with a credential of the type 'On Behalf of a User'`);
		}
		const me = await this.client.request<{ unionId?: string }>(api.myself);
		return requireId(me.unionId, 'me');
	}
}

/** DingTalk compares names as they are, and people may have stored them in full or in half width. */
async function firstWithResults<T>(
	spellings: string[],
	search: (text: string) => Promise<ContactsPage<T>>,
): Promise<ContactsPage<T>> {
	const [first, ...others] = new Set(spellings);
	const page = await search(first);
	return page.list.length > 0 || others.length === 0 ? page : await firstWithResults(others, search);
}

function requireId(id: string | undefined, shown: string): string {
	if (id) return id;
	throw new UnresolvedPersonError(t`DingTalk returned no ID for '${shown}'`);
}

/** Longer numbers are not IDs, and JavaScript could not hold them exactly. */
const DEPARTMENT_ID = /^\d{1,15}$/;

const isUnknownDepartment = (error: unknown): boolean =>
	error instanceof DingTalkError && error.details.code === '60003';

/** DingTalk refused the lookup; a web page or status of a proxy says nothing about the person. */
const isRefusal = (error: unknown, kinds: ErrorKind[]): boolean =>
	error instanceof DingTalkError && kinds.includes(error.kind) && !isForeign(error);

const isTransient = (error: unknown): boolean =>
	error instanceof DingTalkError && ['network', 'server', 'throttle'].includes(error.kind);

/** The ID does not exist, or the app may not see the person. */
const isPersonRejected = (error: unknown): error is DingTalkError =>
	error instanceof DingTalkError && (error.kind === 'missing' || error.details.code === '50002');

/** Adds the text as entered to the error of a failed lookup. */
const addPersonToError =
	(shown: string) =>
	(error: unknown): Promise<never> =>
		Promise.reject(
			isPersonRejected(error)
				? new RejectedPersonError({ ...error.details, message: t`${error.message}: '${shown}'` })
				: error,
		);

/** The search rejects texts that cannot be names. */
const explainSearchError =
	(shown: string, description: string) =>
	(error: unknown): Promise<never> =>
		Promise.reject(
			isRefusal(error, ['input'])
				? new UnresolvedPersonError(t`DingTalk cannot search for the ${description} '${shown}'`)
				: error,
		);
