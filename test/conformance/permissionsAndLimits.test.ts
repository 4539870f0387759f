/** Calls the simulator without permissions and beyond its limits, with DingTalk's official client. */
import type { CalendarUser } from './user';
import { refusalOf } from './refusal';
import { rawCall } from './sdk';
import { meeting } from './samples';
import { useStage } from './stage';

const stage = useStage();

const CODE = 'Forbidden.AccessDenied';

describe('A missing permission', () => {
	const needed = (scope: string): object => ({
		status: 403,
		code: `${CODE}.AccessTokenPermissionDenied`,
		message: expect.stringContaining('没有调用该接口的权限') as unknown,
		requiredScopes: [scope],
	});

	it.each<[string, (user: CalendarUser) => Promise<unknown>]>([
		['createEvent', (user) => user.create(meeting())],
		['patchEvent', (user) => user.patch('x', {})],
		['deleteEvent', (user) => user.delete('x')],
		['addAttendee', (user) => user.addAttendees('x')],
		['removeAttendee', (user) => user.removeAttendees('x')],
		['respondEvent', (user) => user.respond('x', 'accepted')],
		['cancelEvent', (user) => user.cancel('x')],
		['transferEvent', (user) => user.transfer('x', {})],
	])('is named in the error when a read-only app calls %s', async (_name, call) => {
		expect(await refusalOf(call(await stage.user(0, 'sim-readonly')))).toEqual(needed('Calendar.Event.Write'));
	});

	it('does not prevent a read-only app from reading', async () => {
		const id = await (await stage.user(0)).createId(meeting());
		const reader = await stage.user(0, 'sim-readonly');
		for (const answer of [
			reader.get(id),
			reader.list(),
			reader.view(),
			reader.attendees(id),
			reader.instances(id),
			reader.categories(),
		]) {
			expect(await answer).toBeDefined();
		}
	});

	it('is named in the error when a read-only personal app calls createEventByMe', async () => {
		const me = await stage.self(0, 'sim-readonly');
		expect(await refusalOf(me.createByMe(meeting()))).toEqual(needed('Calendar.Event.Write'));
		expect((await me.viewByMe()).events).toEqual([]);
	});

	it.each<[string, (user: CalendarUser) => Promise<unknown>]>([
		['getEvent', (user) => user.get('x')],
		['listEvents', (user) => user.list()],
		['listEventsView', (user) => user.view()],
		['listAttendees', (user) => user.attendees('x')],
		['listInstances', (user) => user.instances('x')],
		['listEventsInstances', (user) => user.generatedInstances({ seriesMasterId: 'x' })],
	])('is named in the error when an app without permissions calls %s', async (_name, call) => {
		await stage.control('apps', { clientId: 'sim-internal', scopes: [] });
		expect(await refusalOf(call(await stage.user()))).toEqual(needed('Calendar.Event.Read'));
	});
});

describe('More than 20 calls in a second', () => {
	const together = async (count: number, call: () => Promise<unknown>): Promise<PromiseSettledResult<unknown>[]> =>
		Promise.allSettled(Array.from({ length: count }, call));

	const refused = {
		status: 403,
		code: `${CODE}.QpsLimitForAppkeyAndApi`,
		message: '您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了',
	};

	beforeEach(async () => {
		stage.world.clock.freeze();
		await stage.control('limits', { qps: 20 });
	});

	it('are refused with 403, are not executed and succeed a second later', async () => {
		const host = await stage.user();
		const results = await together(25, () => host.create(meeting()));
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
		expect((await stage.state()).events).toHaveLength(20);
		expect(await refusalOf(host.create(meeting()))).toEqual(refused);
		await stage.advance(1000);
		expect(await host.createId(meeting())).toBeTruthy();
		expect((await stage.state()).events).toHaveLength(21);
	});

	it('are counted per API and per app', async () => {
		const host = await stage.user();
		await together(25, () => host.list());
		expect(await refusalOf(host.list())).toEqual(refused);
		expect((await host.view()).events).toEqual([]);
		expect((await (await stage.user(0, 'sim-readonly')).list()).events).toEqual([]);
		expect(await refusalOf((await stage.user(1)).list())).toEqual(refused);
	});

	it('are refused to a third-party app with a different error code', async () => {
		const host = await stage.user(0, 'sim-thirdparty');
		await together(25, () => host.list());
		expect(await refusalOf(host.list())).toEqual({ ...refused, code: `${CODE}.QpsLimitForSuitekeyAndOrgAndApi` });
	});

	it('are not counted once refused, and do not reserve their client token', async () => {
		const host = await stage.user();
		await together(20, () => host.create(meeting(), undefined));
		expect(await refusalOf(host.create(meeting(), 'again'))).toEqual(refused);
		await stage.advance(1000);
		expect(
			(await together(20, () => host.create(meeting(), 'again'))).filter(({ status }) => status === 'fulfilled'),
		).toHaveLength(20);
		expect((await stage.state()).events).toHaveLength(21);
	});
});

describe('Limits over a longer time', () => {
	it('refuse calls beyond the limit per minute with 403', async () => {
		await stage.control('limits', { qpm: 2 });
		const host = await stage.user();
		for (let i = 0; i < 2; i++) await host.list();
		expect(await refusalOf(host.list())).toMatchObject({ status: 403, code: `${CODE}.QpmLimitForAppkeyAndApi` });
		await stage.advance(60_000);
		expect((await host.list()).events).toEqual([]);
	});

	it('refuse metered calls with 403 once the monthly quota is used up, but never token calls', async () => {
		await stage.control('limits', { monthlyQuota: 2 });
		const host = await stage.user();
		for (let i = 0; i < 2; i++) await host.list();
		expect(await refusalOf(host.view())).toMatchObject({ status: 403, code: `${CODE}.ApiCountLimitForOrg` });
		await stage.control('clock', { now: '2026-04-01T00:00:00+08:00' });
		const nextMonth = stage.calendarOf(host.unionId, await stage.appToken());
		expect((await nextMonth.view()).events).toEqual([]);
	});
});

describe('A request without a matching endpoint', () => {
	it('returns 404 error.notFound for an unknown path', async () => {
		const { token } = await stage.user();
		const path = '/v1.0/calendar/nowhere';
		expect(await refusalOf(rawCall(stage.sdk, { method: 'GET', path, token }))).toEqual({
			status: 404,
			code: 'error.notFound',
			message: `接口路径错误 ${path}`,
		});
	});

	it.each([
		['PATCH', 'events/x'],
		['POST', 'events/x'],
		['DELETE', 'events'],
		['POST', 'eventsview'],
		['GET', 'events/x/respond'],
		['PUT', 'events/x/attendees'],
	])('returns 405 for a wrong method: %s %s', async (method, rest) => {
		const { token, unionId } = await stage.user();
		const path = `/v1.0/calendar/users/${unionId}/calendars/primary/${rest}`;
		expect(await refusalOf(rawCall(stage.sdk, { method, path, token }))).toMatchObject({ status: 405 });
	});

	it('returns 404 when an ID is missing from the path', async () => {
		expect(await refusalOf((await stage.user()).get(''))).toMatchObject({ status: 404, code: 'error.notFound' });
	});
});

describe('An injected server error', () => {
	it.each([
		[500, 'unknownError', '未知错误'],
		[400, 'system.error', '未知的系统错误'],
		[500, 'system.busy', 'system.busy'],
		[429, 'system.busy', 'request too frequent'],
		[503, 'operationTimeout', 'operationTimeout'],
		[504, 'service.timeout', 'service.timeout'],
		[403, `${CODE}.IpNotInWhiteList`, '访问ip不在白名单之中'],
	])('reaches the client as %i %s', async (status, code, message) => {
		await stage.control('faults', { match: { path: 'eventsview', times: 1 }, do: 'status', status, code, message });
		const host = await stage.user();
		expect(await refusalOf(host.view())).toEqual({ status, code, message });
		expect((await host.view()).events).toEqual([]);
	});
});

describe('IDs in a path', () => {
	it('must be percent-encoded by the caller of the official client', async () => {
		await stage.set({ eventIds: 'awkward' });
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const created = await host.create(meeting({ attendees: [{ id: guest.unionId }] }));
		const id = encodeURIComponent(created.id ?? '');
		expect(id).not.toBe(created.id);
		expect(await host.get(id)).toMatchObject({ id: created.id });
		expect(await guest.respond(id, 'accepted')).toBe('');
		expect((await host.attendees(id)).attendees).toHaveLength(2);
		expect(await host.patch(id, { id: created.id, summary: 'Other' })).toMatchObject({
			id: created.id,
			summary: 'Other',
		});
		expect(await host.delete(id)).toBe('');
		expect(await refusalOf(host.get(created.id ?? ''))).toMatchObject({ status: 404 });
	});
});
