/** The free/busy calls of the simulator. */
import { tokenUser, pathUser } from '../calendar/calendarAccess';
import { withGenericError, paramIllegal } from '../calendar/paramIllegal';
import { USER } from '../calendar/route';
import { readWindow } from '../calendar/window';
import type { Call, Route } from '../contract';
import { fieldsOf, isTextList } from '../fields';
import { scheduleOf } from '../freeBusy/personSchedule';
import type { World } from '../world';

const MAX_PEOPLE = 20;

function query(call: Call, viewer: string, world: World): object {
	const body = fieldsOf(call.body);
	const { userIds } = body;
	if (!isTextList(userIds) || userIds.length === 0 || userIds.length > MAX_PEOPLE) throw paramIllegal();
	const window = readWindow(body, world);
	return { scheduleInformation: userIds.map((unionId) => scheduleOf(unionId, viewer, window, world)) };
}

const asking = { method: 'POST', scope: 'Calendar.EventSchedule.Read', style: 'new', metered: true } as const;

export const routes: Route[] = [
	{
		...asking,
		path: `${USER}/querySchedule`,
		token: 'any',
		handle: (call, world) => withGenericError(() => query(call, pathUser(call, world), world)),
	},
	{
		...asking,
		path: '/v1.0/calendar/me/schedules/query',
		token: 'user',
		handle: (call, world) => withGenericError(() => query(call, tokenUser(call), world)),
	},
];
