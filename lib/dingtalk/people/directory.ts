/** Turns what people are called into the union ID that every calendar call wants. Look-ups are free of quota. */
import { api, ME, type ApiCall } from '../endpoints';
import type { Client } from '../client/types';
import {
	departmentById,
	everybodyIn,
	personByUserId,
	ROOT_DEPARTMENT,
	searchDepartments,
	searchPeople,
	userIdByMobile,
	userIdByUnionId,
	type Person,
} from './contactsApi';
import { DingTalkError } from '../errors/DingTalkError';
import { endsOf, halfWidth, shown, type IdKind, type Identified } from './parseIdentifier';

/** DingTalk was asked, or cannot be asked, and this text names nobody, or several people. */
export class UnclearPerson extends Error {}

/** DingTalk does not give this very person away. */
export class RefusedPerson extends DingTalkError {}

/** More of one name than this are not listed one by one. */
const MOST_LISTED = 10;

export class Directory {
	/** One look-up for each thing and run, also while it is still on its way: items and fields share it. */
	private readonly asked = new Map<string, Promise<unknown>>();

	constructor(private readonly client: Client) {}

	/**
	 * `raw` is what the user typed; messages show it. Where the call can be made in the name of whoever signed in, that
	 * person need not be looked up.
	 */
	async unionId({ kind, value }: Identified, raw: string, call?: ApiCall): Promise<string> {
		if (kind === 'me' && call?.mePath && this.client.account.appType === 'user') return ME;
		if (kind === 'unionId') return value;
		return await this.onceFor(`${kind} ${value}`, async () => await this.lookUp(kind, value, raw));
	}

	/** What somebody is called, for display; undefined where contacts do not tell. */
	async nameOf(unionId: string): Promise<string | undefined> {
		return await this.onceFor(`name of ${unionId}`, async () => {
			const userId = await userIdByUnionId(this.client, unionId);
			return userId === undefined ? undefined : (await this.person(userId)).name;
		}).catch(() => undefined);
	}

	/** Everybody in a department, given by ID or name, and in those below it. */
	async membersOf(department: string): Promise<string[]> {
		const text = halfWidth(department).trim();
		return await this.onceFor(`members of ${text}`, async () => {
			const id = DEPARTMENT_ID.test(text) ? Number(text) : await this.departmentCalled(text);
			return await this.everybodyBelow(id).catch(
				async (error: unknown) =>
					await Promise.reject(
						isUnknownDepartment(error) ? new UnclearPerson(`there is no department '${shown(department)}'`) : error,
					),
			);
		});
	}

	private async everybodyBelow(id: number): Promise<string[]> {
		const members = new Set<string>();
		for await (const people of everybodyIn(this.client, id)) {
			for (const { unionId } of people) if (unionId) members.add(unionId);
		}
		return [...members];
	}

	private async onceFor<T>(key: string, ask: () => Promise<T>): Promise<T> {
		let answer = this.asked.get(key) as Promise<T> | undefined;
		if (!answer) {
			answer = ask().catch(async (error: unknown) => {
				// The next item may find DingTalk well again.
				if (isPassing(error)) this.asked.delete(key);
				return await Promise.reject(error as Error);
			});
			this.asked.set(key, answer);
		}
		return await answer;
	}

	private async person(userId: string): Promise<Person> {
		return await this.onceFor(`person ${userId}`, async () => await personByUserId(this.client, userId));
	}

	private async lookUp(kind: Exclude<IdKind, 'unionId'>, value: string, raw: string): Promise<string> {
		if (kind === 'me') return await this.signedInUser();
		const { appType } = this.client.account;
		if (appType === 'user') {
			throw new UnclearPerson(
				`'${shown(raw)}' cannot be looked up by an app that acts on behalf of a user; use the union ID, or 'me' for the user`,
			);
		}
		switch (kind) {
			case 'userId':
				return await this.byUserId(value, raw);
			case 'mobile': {
				if (api.userIdByMobile.notFor.some((refused) => refused === appType)) {
					throw new UnclearPerson(
						`DingTalk lets only internal apps look up mobile numbers; use a name or an ID for '${shown(raw)}'`,
					);
				}
				const userId = await userIdByMobile(this.client, value).catch(naming(raw));
				return await this.byUserId(found(userId, raw), raw);
			}
			case 'email':
				return await this.byEmail(value, raw);
			case 'name':
				return await this.byName(value, raw, 'name');
			case 'word':
				return await this.byWord(value, raw);
		}
	}

	private async byUserId(userId: string, raw: string): Promise<string> {
		return found((await this.person(userId).catch(naming(raw))).unionId, raw);
	}

	private async byWord(word: string, raw: string): Promise<string> {
		const person = await this.person(word)
			.catch(async (error: unknown) => {
				if (error instanceof DingTalkError && ['missing', 'input'].includes(error.kind)) return undefined;
				return await Promise.reject(error as Error);
			})
			.catch(naming(raw));
		return person ? found(person.unionId, raw) : await this.byName(word, raw, 'user ID or name');
	}

	private async byName(name: string, raw: string, tried: string): Promise<string> {
		const { list, next } = await searchPeople(this.client, { words: name, exact: true }).catch(searching(raw, tried));
		if (list.length === 0) throw new UnclearPerson(`nobody in your organization has the ${tried} '${shown(raw)}'`);
		if (list.length === 1) return await this.byUserId(list[0], raw);
		const people = await Promise.all(list.slice(0, MOST_LISTED).map(async (userId) => await this.described(userId)));
		const more = list.length > MOST_LISTED || next !== undefined ? ' and more' : '';
		throw new UnclearPerson(
			`several people are called '${shown(raw)}': ${people.join('; ')}${more}. Use one of these user IDs`,
		);
	}

	/** Enough to tell people of one name apart. */
	private async described(userId: string): Promise<string> {
		const { name, mobile, departmentIds } = await this.person(userId);
		const departments = await Promise.all(
			departmentIds.filter((id) => id !== ROOT_DEPARTMENT).map(async (id) => await this.departmentName(id)),
		);
		const details = [departments.filter(Boolean).join('/'), mobile && endsOf(mobile)].filter(Boolean).join(', ');
		return `${name}${details ? ` (${details})` : ''} user ID ${userId}`;
	}

	private async departmentName(id: number): Promise<string> {
		return await this.onceFor(`department ${id}`, async () => (await departmentById(this.client, id)).name).catch(
			() => '',
		);
	}

	/** DingTalk has no search by e-mail address, so the whole directory is read; once in a run. */
	private async byEmail(email: string, raw: string): Promise<string> {
		const byEmail = await this.onceFor('everybody by e-mail', async () => {
			const people = new Map<string, Map<string, Person>>();
			for await (const page of everybodyIn(this.client, ROOT_DEPARTMENT)) {
				for (const person of page) {
					for (const address of person.emails.map((one) => one.toLowerCase())) {
						people.set(address, (people.get(address) ?? new Map<string, Person>()).set(person.userId, person));
					}
				}
			}
			return people;
		});
		const people = [...(byEmail.get(email.toLowerCase())?.values() ?? [])];
		if (people.length === 1) return found(people[0].unionId, raw);
		if (people.length > 1) {
			const userIds = people.slice(0, MOST_LISTED).map(({ name, userId }) => `${name} user ID ${userId}`);
			throw new UnclearPerson(
				`several people have the e-mail address '${shown(raw)}': ${userIds.join('; ')}. Use one of these user IDs`,
			);
		}
		throw new UnclearPerson(`nobody that your DingTalk app can see has the e-mail address '${shown(raw)}'`);
	}

	private async departmentCalled(name: string): Promise<number> {
		const { list } = await searchDepartments(this.client, { words: name, exact: true }).catch(
			searching(name, 'department name'),
		);
		if (list.length === 1) return list[0];
		if (list.length === 0) throw new UnclearPerson(`there is no department '${shown(name)}'`);
		throw new UnclearPerson(
			`several departments are called '${shown(name)}': use one of the IDs ${list.slice(0, MOST_LISTED).join(', ')}`,
		);
	}

	private async signedInUser(): Promise<string> {
		if (this.client.account.appType !== 'user') {
			throw new UnclearPerson("'me' works only with a credential of the type 'On Behalf of a User'");
		}
		const me = await this.client.request<{ unionId?: string }>(api.myself);
		return found(me.unionId, 'me');
	}
}

function found(id: string | undefined, raw: string): string {
	if (id) return id;
	throw new UnclearPerson(`DingTalk gave no ID for '${shown(raw)}'`);
}

/** Longer digits are no ID, and no number that JavaScript can hold. */
const DEPARTMENT_ID = /^\d{1,15}$/;

const isUnknownDepartment = (error: unknown): boolean =>
	error instanceof DingTalkError && error.details.code === '60003';

const isPassing = (error: unknown): boolean =>
	error instanceof DingTalkError && ['network', 'server', 'throttle'].includes(error.kind);

/** Nobody has this ID, or the app may not see who has it. */
const isAboutPerson = (error: unknown): error is DingTalkError =>
	error instanceof DingTalkError && (error.kind === 'missing' || error.details.code === '50002');

/** A look-up that finds nobody must say whom it was about. */
const naming =
	(raw: string) =>
	(error: unknown): Promise<never> =>
		Promise.reject(
			isAboutPerson(error)
				? new RefusedPerson({ ...error.details, message: `${error.message}: '${shown(raw)}'` })
				: error,
		);

/** Words that the search does not take are words that nobody is called by. */
const searching =
	(raw: string, tried: string) =>
	(error: unknown): Promise<never> =>
		Promise.reject(
			error instanceof DingTalkError && error.kind === 'input'
				? new UnclearPerson(`DingTalk cannot search for the ${tried} '${shown(raw)}'`)
				: error,
		);
