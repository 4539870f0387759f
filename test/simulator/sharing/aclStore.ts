/** Stores calendar shares (ACLs). */
import { createHash, randomUUID } from 'node:crypto';

import { invalidParameter } from '../contract';
import { Limits } from '../limits';
import type { World } from '../world';

/** In ascending order. */
export const PRIVILEGES = ['free_busy_reader', 'title_reader', 'reader', 'writer'] as const;

export type Privilege = (typeof PRIVILEGES)[number];

/** A share of the owner's calendar with the grantee. */
export interface Acl {
	aclId: string;
	owner: string;
	grantee: string;
	privilege: Privilege;
}

/** The ID of a user's calendar for other users, for whom `primary` is their own. */
export const sharedCalendarId = (owner: string): string =>
	createHash('sha256').update(`calendar of ${owner}`).digest('hex').slice(0, 32);

export class AclStore {
	private readonly acls = new Map<string, Acl>();

	constructor(private readonly world: World) {}

	all(): Acl[] {
		return [...this.acls.values()];
	}

	grantedBy(owner: string): Acl[] {
		return this.all().filter((acl) => acl.owner === owner);
	}

	grantedTo(grantee: string): Acl[] {
		return this.all().filter((acl) => acl.grantee === grantee);
	}

	between(owner: string, grantee: string): Acl | undefined {
		return this.all().find((acl) => acl.owner === owner && acl.grantee === grantee);
	}

	grant(owner: string, grantee: string, privilege: Privilege): Acl {
		const existing = this.between(owner, grantee);
		if (existing) {
			if (this.world.switches.grantTwice === 'refuse')
				throw invalidParameter('the calendar is already shared with the user');
			existing.privilege = privilege;
			return existing;
		}
		const limit = this.world.use(Limits).values.sharesPerPerson;
		if (limit !== null && this.grantedBy(owner).length >= limit) throw invalidParameter('shareExceedLimit');
		const acl: Acl = { aclId: randomUUID().replace(/-/g, ''), owner, grantee, privilege };
		this.acls.set(acl.aclId, acl);
		return acl;
	}

	revoke(owner: string, aclId: string): void {
		if (this.acls.get(aclId)?.owner !== owner) throw invalidParameter('aclId invalid');
		this.acls.delete(aclId);
	}
}
