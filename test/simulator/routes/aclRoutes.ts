/** The calls for calendar shares (ACLs). */
import { CALENDAR, primaryCalendarRoute } from '../calendar/route';
import { objectField, booleanField, isSet, oneOf, textField } from '../calendar/read';
import { invalidParameter, NO_BODY, type AppType, type Call, type Route } from '../contract';
import { fieldsOf } from '../fields';
import { AclStore, PRIVILEGES, type Acl } from '../sharing/aclStore';
import type { World } from '../world';

const aclObject = ({ aclId, privilege, grantee }: Acl): object => ({
	aclId,
	privilege,
	scope: { scopeType: 'user', userId: grantee },
});

function create(call: Call, owner: string, world: World): object {
	const body = fieldsOf(call.body);
	const privilege = oneOf(body.privilege, PRIVILEGES, 'privilege');
	const scope = objectField(body, 'scope');
	if (!scope) throw invalidParameter('scope must be provided');
	oneOf(scope.scopeType, ['user'], 'scope.scopeType');
	const grantee = textField(scope, 'userId', 'scope.userId');
	if (!grantee) throw invalidParameter('scope.userId must be provided');
	if (!world.company.byUnionId(grantee)) throw invalidParameter(`scope.userId is not a unionId: ${grantee}`);
	if (grantee === owner) throw invalidParameter('the calendar cannot be shared with its owner');
	// The simulator sends no messages, but the call requires the field.
	if (!isSet(body.sendMsg)) throw invalidParameter('sendMsg must be provided');
	booleanField(body, 'sendMsg');
	return aclObject(world.use(AclStore).grant(owner, grantee, privilege));
}

function remove(call: Call, owner: string, world: World): unknown {
	world.use(AclStore).revoke(owner, call.params.aclId);
	return NO_BODY;
}

const list = (_call: Call, owner: string, world: World): object => ({
	acls: world.use(AclStore).grantedBy(owner).map(aclObject),
});

/** Third-party enterprise apps are excluded. */
const apps: AppType[] = ['internal', 'thirdPartyPersonal'];
const ACLS = `${CALENDAR}/acls`;

export const routes: Route[] = [
	primaryCalendarRoute({ method: 'POST', path: ACLS, scope: 'Calendar.Acl.Write', apps }, create),
	primaryCalendarRoute({ method: 'DELETE', path: `${ACLS}/{aclId}`, scope: 'Calendar.Acl.Write', apps }, remove),
	primaryCalendarRoute({ method: 'GET', path: ACLS, scope: 'Calendar.Acl.Read', apps }, list),
];
