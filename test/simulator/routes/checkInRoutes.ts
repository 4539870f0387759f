/** The calls for check-in and check-out. */
import { createHash } from 'node:crypto';

import { nextTokenPart } from '../calendar/paging';
import { oneOf, queryNumber } from '../calendar/read';
import { userRoute, EVENT } from '../calendar/route';
import { findCheckInEvent, requireOpenEvent, isAttendee } from '../checkIn/checkInAccess';
import { CheckIns, type Side } from '../checkIn/checkInStore';
import { invalidParameter, ApiError, type Call, type Route } from '../contract';
import type { World } from '../world';

const MAX_PAGE = 500;

interface SideNames {
	side: Side;
	/** The name of the time in responses and lists. */
	time: 'checkInTime' | 'checkOutTime';
	done: string;
	notYet: string;
	link: 'signInLink' | 'signOutLink';
	/** The name in error messages. */
	launch: string;
}

const SIGN_IN: SideNames = {
	side: 'in',
	time: 'checkInTime',
	done: 'sign_in',
	notYet: 'not_yet_sign_in',
	link: 'signInLink',
	launch: 'check in',
};
const SIGN_OUT: SideNames = {
	side: 'out',
	time: 'checkOutTime',
	done: 'sign_out',
	notYet: 'not_yet_sign_out',
	link: 'signOutLink',
	launch: 'sign out',
};

const checkInOrOut =
	({ side, time }: SideNames) =>
	(call: Call, unionId: string, world: World): object => {
		const { id } = requireOpenEvent(call, unionId, world);
		return { [time]: world.use(CheckIns).record(id, unionId, side) };
	};

function readPage({ query }: Call): { from: number; size: number } {
	const size = queryNumber(query, 'maxResults');
	if (size === undefined) throw invalidParameter('maxResults must be provided');
	if (size < 1 || size > MAX_PAGE) throw invalidParameter(`maxResults size must within range [1,${MAX_PAGE}]`);
	const token = query.nextToken || '0';
	if (!/^\d{1,6}$/.test(token)) throw invalidParameter('nextToken invalid');
	return { from: Number(token), size };
}

const list =
	({ side, time, done, notYet }: SideNames) =>
	(call: Call, unionId: string, world: World): object => {
		const view = findCheckInEvent(call, world);
		if (!isAttendee(view, unionId)) throw invalidParameter('the user is not in the event');
		const wanted = oneOf(call.query.type, [done, notYet], 'type');
		const { from, size } = readPage(call);
		const users = view.attendees
			.map((attendee) => ({
				userId: attendee.unionId,
				displayName: world.company.byUnionId(attendee.unionId)?.name,
				[time]: world.use(CheckIns).presence(view.id, attendee.unionId)[side],
			}))
			.filter((user) => (user[time] !== undefined) === (wanted === done));
		const to = from + size;
		return {
			...nextTokenPart(to < users.length ? String(to) : undefined, world),
			users: users.slice(from, to),
		};
	};

/** Reading the link opens the check-in, so only the organizer can do it, with the write permission. */
const link =
	({ link: name, launch }: SideNames) =>
	(call: Call, unionId: string, world: World): object => {
		const view = findCheckInEvent(call, world);
		if (view.event.organizer !== unionId) {
			throw new ApiError(400, 'permissionDenied', `Request user has no permission to launch ${launch}`);
		}
		const code = createHash('sha256').update(`${name} ${view.id}`).digest('hex').slice(0, 32);
		return { [name]: `http://qr.dingtalk.com/page/dingcheckin?isNew=1&code=${code}` };
	};

const scope = { read: 'Calendar.Event.Read', write: 'Calendar.Event.Write' };

export const routes: Route[] = [
	userRoute({ method: 'POST', path: `${EVENT}/signin`, scope: scope.write }, checkInOrOut(SIGN_IN)),
	userRoute({ method: 'POST', path: `${EVENT}/signOut`, scope: scope.write }, checkInOrOut(SIGN_OUT)),
	// The former name of sign-in.
	userRoute({ method: 'POST', path: `${EVENT}/checkIn`, scope: scope.write }, checkInOrOut(SIGN_IN)),
	userRoute({ method: 'GET', path: `${EVENT}/signin`, scope: scope.read }, list(SIGN_IN)),
	userRoute({ method: 'GET', path: `${EVENT}/signOut`, scope: scope.read }, list(SIGN_OUT)),
	userRoute({ method: 'GET', path: `${EVENT}/signInLinks`, scope: scope.write }, link(SIGN_IN)),
	userRoute({ method: 'GET', path: `${EVENT}/signOutLinks`, scope: scope.write }, link(SIGN_OUT)),
];
