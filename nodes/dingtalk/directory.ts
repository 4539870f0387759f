/** Turns what people are called into the union ID that every calendar call wants. Look-ups are free of quota. */
import { api, ME, type ApiCall } from './api';
import type { Client } from './client';
import { DingTalkError } from './errors';
import { shown, type IdKind, type Identified } from './identify';

interface UserResult {
	result?: { unionid?: string; userid?: string; name?: string };
}

/** DingTalk was asked, or cannot be asked, and this text names nobody. */
export class UnclearPerson extends Error {}

export class Directory {
	/** One look-up a person and run, also while it is still on its way. */
	private readonly known = new Map<string, Promise<string>>();

	private readonly names = new Map<string, Promise<string | undefined>>();

	constructor(private readonly client: Client) {}

	/**
	 * `raw` is what the user typed; messages show it. Where the call can be made in the name of whoever signed in, that
	 * person need not be looked up.
	 */
	async unionId({ kind, value }: Identified, raw: string, call?: ApiCall): Promise<string> {
		if (kind === 'me' && call?.mePath && this.client.account.appType === 'user') return ME;
		if (kind === 'unionId') return value;
		const key = `${kind} ${value}`;
		let found = this.known.get(key);
		if (!found) {
			found = this.lookUp(kind, value, raw);
			this.known.set(key, found);
		}
		return await found;
	}

	/** What somebody is called, for display; undefined where contacts do not tell. */
	async nameOf(unionId: string): Promise<string | undefined> {
		let name = this.names.get(unionId);
		if (!name) {
			name = this.lookUpName(unionId).catch(() => undefined);
			this.names.set(unionId, name);
		}
		return await name;
	}

	private async lookUpName(unionId: string): Promise<string | undefined> {
		const { result: user } = await this.client.request<UserResult>(api.userIdByUnionId, { body: { unionid: unionId } });
		const { result } = await this.client.request<UserResult>(api.userByUserId, { body: { userid: user?.userid } });
		return result?.name;
	}

	private async lookUp(kind: Exclude<IdKind, 'unionId'>, value: string, raw: string): Promise<string> {
		if (kind === 'me') return await this.signedInUser();
		if (this.client.account.appType === 'user') {
			throw new UnclearPerson(
				`'${shown(raw)}' cannot be looked up by an app that acts on behalf of a user; use the union ID, or 'me' for the user`,
			);
		}
		if (kind === 'mobile' && api.userIdByMobile.notFor.some((appType) => appType === this.client.account.appType)) {
			throw new UnclearPerson(`DingTalk lets only internal apps look up mobile numbers; use a user ID or union ID for '${shown(raw)}'`);
		}
		if (kind === 'mobile') return await this.unionId({ kind: 'userId', value: await this.userIdOf(value, raw) }, raw);
		const { result } = await this.client.request<UserResult>(api.userByUserId, { body: { userid: value } }).catch(naming(raw));
		return found(result?.unionid, raw);
	}

	private async userIdOf(mobile: string, raw: string): Promise<string> {
		const { result } = await this.client.request<UserResult>(api.userIdByMobile, { body: { mobile } }).catch(naming(raw));
		return found(result?.userid, raw);
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

/** A look-up that finds nobody must say whom it was about. */
const naming =
	(raw: string) =>
	(error: unknown): Promise<never> =>
		Promise.reject(
			error instanceof DingTalkError && error.trouble === 'missing'
				? new DingTalkError({ ...error.facts, message: `${error.message}: '${shown(raw)}'` })
				: error,
		);
