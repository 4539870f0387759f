/** Control plane calls for the state: inspect, reset, change apps and people. */
import { bookings } from '../booking/listBookings';
import { CalendarStore } from '../calendar/calendarStore';
import { CheckIns } from '../checkIn/checkInStore';
import { fieldsOf, isTextList, textOf } from '../fields';
import { HttpPush } from '../push/http/httpPush';
import { StreamHub } from '../push/stream/hub';
import { AclStore } from '../sharing/aclStore';
import { SubscribedCalendars, type SubscribedCalendar } from '../subscriptions/subscriptionStore';
import type { World } from '../world';
import { ControlError, type ControlRoute } from './controlRequest';

const describeCalendar = ({ subscribers, ...calendar }: SubscribedCalendar): unknown => ({
	...calendar,
	subscribers: [...subscribers],
});

const describeState = (world: World): unknown => ({
	corpId: world.company.corpId,
	clock: new Date(world.clock.now()).toISOString(),
	people: world.company.people,
	departments: world.company.departments,
	groups: world.company.groups,
	rooms: world.company.rooms,
	apps: world.company.apps,
	events: world.use(CalendarStore).snapshot(),
	acls: world.use(AclStore).all(),
	subscribedCalendars: world.use(SubscribedCalendars).all().map(describeCalendar),
	checkIns: world.use(CheckIns).all(),
	roomBookings: bookings(world),
	connections: world.use(StreamHub).describe(),
	callbacks: world.use(HttpPush).describe(),
	switches: world.switches,
});

/** Changes the permissions or the secret of an app, as an administrator does in DingTalk's console. */
function changeApp(body: unknown, world: World): unknown {
	const fields = fieldsOf(body);
	const app = world.company.apps.find(({ clientId }) => clientId === textOf(fields, 'clientId'));
	const { scopes } = fields;
	const clientSecret = textOf(fields, 'clientSecret');
	if (app === undefined) throw new ControlError('"clientId" must be the client ID of a seeded app.');
	if (scopes !== undefined && !isTextList(scopes))
		throw new ControlError('"scopes" must be a list of permission names.');
	if (scopes === undefined && clientSecret === undefined) throw new ControlError('Send "scopes" or "clientSecret".');
	if (scopes !== undefined) app.scopes = [...scopes];
	if (clientSecret !== undefined) app.clientSecret = clientSecret;
	return app;
}

const PERSON_FLAGS = ['outsideScope', 'privateFreeBusy'] as const;

/** Hides a person from the apps, or their free/busy times from colleagues, or shows them again; or lets a person leave. */
function changePerson(body: unknown, world: World): unknown {
	const fields = fieldsOf(body);
	const { people } = world.company;
	const person = world.company.byUserId(textOf(fields, 'userId') ?? '');
	if (person === undefined) throw new ControlError('"userId" must be the userId of a seeded person.');
	if (fields.left === true) return people.splice(people.indexOf(person), 1)[0];
	const wanted = PERSON_FLAGS.filter((name) => name in fields);
	if (wanted.length === 0)
		throw new ControlError(`Send ${PERSON_FLAGS.map((name) => `"${name}"`).join(' or ')}, or "left": true.`);
	for (const name of wanted) {
		const value = fields[name];
		if (typeof value !== 'boolean') throw new ControlError(`"${name}" must be true or false.`);
		person[name] = value;
	}
	return person;
}

export const stateRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/state',
		description: 'returns the complete state: people, rooms, apps, events, shares, bookings, switches and more',
		handle: (_body, { world }) => describeState(world),
	},
	{
		method: 'POST',
		path: '/_simulator/reset',
		description: 'restores the seed and clears calls, faults, limits, switches, tokens and the clock offset',
		handle: (_body, simulator) => {
			simulator.reset();
			return { reset: true };
		},
	},
	{
		method: 'POST',
		path: '/_simulator/apps',
		description: '{clientId, scopes, clientSecret} sets the permissions or the secret of an app',
		handle: (body, { world }) => changeApp(body, world),
	},
	{
		method: 'POST',
		path: '/_simulator/people',
		description:
			'{userId, outsideScope, privateFreeBusy, left} hides a person from the apps, or their free/busy times from colleagues; or the person leaves',
		handle: (body, { world }) => changePerson(body, world),
	},
];
