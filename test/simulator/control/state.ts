import { CalendarStore } from '../calendar/store';
import { fieldsOf, isTextList, textOf } from '../fields';
import type { World } from '../world';
import { ControlError, type ControlRoute } from './request';

const state = (world: World): unknown => ({
	corpId: world.company.corpId,
	clock: new Date(world.clock.now()).toISOString(),
	people: world.company.people,
	departments: world.company.departments,
	rooms: world.company.rooms,
	apps: world.company.apps,
	events: world.use(CalendarStore).snapshot(),
	switches: world.switches,
});

/** Changes what an app is allowed, as an administrator does in DingTalk's console. */
function changeApp(body: unknown, world: World): unknown {
	const fields = fieldsOf(body);
	const app = world.company.apps.find(({ clientId }) => clientId === textOf(fields, 'clientId'));
	const { scopes } = fields;
	if (app === undefined) throw new ControlError('"clientId" must be the client ID of a seeded app.');
	if (!isTextList(scopes)) throw new ControlError('"scopes" must be a list of permission names.');
	app.scopes = [...scopes];
	return app;
}

/** Takes somebody out of what the apps may see, or back in. */
function changePerson(body: unknown, world: World): unknown {
	const fields = fieldsOf(body);
	const person = world.company.byUserId(textOf(fields, 'userId') ?? '');
	if (person === undefined) throw new ControlError('"userId" must be the userId of a seeded person.');
	if (typeof fields.outsideScope !== 'boolean') throw new ControlError('"outsideScope" must be true or false.');
	person.outsideScope = fields.outsideScope;
	return person;
}

export const stateRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/state',
		does: 'shows people, departments, rooms, apps, events and switches',
		answer: (_body, { world }) => state(world),
	},
	{
		method: 'POST',
		path: '/_simulator/reset',
		does: 'goes back to the seed, and forgets calls, faults, limits, switches, tokens and the moved clock',
		answer: (_body, simulator) => {
			simulator.reset();
			return { reset: true };
		},
	},
	{
		method: 'POST',
		path: '/_simulator/apps',
		does: '{clientId, scopes} sets the permissions of an app',
		answer: (body, { world }) => changeApp(body, world),
	},
	{
		method: 'POST',
		path: '/_simulator/people',
		does: '{userId, outsideScope} hides somebody from the apps, or shows them again',
		answer: (body, { world }) => changePerson(body, world),
	},
];
