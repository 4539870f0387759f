/** The call that creates CalDAV accounts. */
import { createHash, randomBytes } from 'node:crypto';

import { textField } from '../calendar/read';
import { userRoute, USER } from '../calendar/route';
import { invalidParameter, type Call, type Route } from '../contract';
import { fieldsOf } from '../fields';
import type { World } from '../world';

interface Account {
	username: string;
	password: string;
	serverAddress: string;
}

/** One account per user and device; repeated calls return the same one. */
export class CaldavAccounts {
	private readonly accounts = new Map<string, Account>();
	/** The devices that were asked for, as often as they were. */
	readonly asked: string[] = [];

	of(unionId: string, device: string): Account {
		const key = JSON.stringify([unionId, device]);
		const account = this.accounts.get(key) ?? {
			username: `u_${createHash('sha256').update(unionId).digest('hex').slice(0, 8)}`,
			password: randomBytes(6).toString('hex'),
			serverAddress: 'calendar.dingtalk.com',
		};
		this.accounts.set(key, account);
		this.asked.push(device);
		return account;
	}
}

function generate(call: Call, unionId: string, world: World): Account {
	const device = textField(fieldsOf(call.body), 'device');
	if (!device) throw invalidParameter('device must be provided');
	return world.use(CaldavAccounts).of(unionId, device);
}

export const routes: Route[] = [
	// The permission is not documented; the account gives full access, so it is assumed to be the write permission.
	userRoute({ method: 'POST', path: `${USER}/caldavAccounts`, scope: 'Calendar.Event.Write' }, generate),
];
