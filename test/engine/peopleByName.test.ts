/** Tests people given by name, the errors for ambiguous names, and what lookups cost. */
import type { INodeParameters } from 'n8n-workflow';

import { errorOf, storedTextOf, TESTED_NODE } from './harness';
import { calendarPath, hire, requestsOf } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

const locator = (value: string, mode = 'auto') => ({ __rl: true, mode, value });

/** A run that names these people as attendees of a new event. */
const inviting = (attendees: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'create',
	user: locator(desk().people[0].unionId),
	summary: 'Meeting',
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	additionalFields: { attendees, ...more },
});

async function invited(attendees: string, more: INodeParameters = {}): Promise<string[]> {
	const { run } = await desk().runNode({ parameters: inviting(attendees, more) });
	expect(errorOf(run)).toBeUndefined();
	const created = (await requestsOf(desk())).find(({ path }) => path.endsWith('/events'));
	return (created?.body as { attendees: Array<{ id: string }> }).attendees.map(({ id }) => id);
}

interface Refused {
	message: string;
	description: string;
	stored: string;
}

async function refusal(parameters: INodeParameters): Promise<Refused> {
	const { run } = await desk().runNode({ parameters });
	const { message = '', description } = errorOf(run) ?? {};
	const created = (await requestsOf(desk())).filter(({ path }) => path.startsWith('/v1.0/calendar/'));
	expect(created).toEqual([]);
	return { message, description: String(description), stored: storedTextOf(run) };
}

async function withoutScope(scope: string): Promise<void> {
	const app = desk().simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
	await desk().control('apps', { clientId: 'sim-internal', scopes: app?.scopes.filter((one) => one !== scope) });
}

const masked = (mobile: string): string => `${mobile.slice(0, 3)}****${mobile.slice(-4)}`;

describe('a person given by name', () => {
	it('finds the one person who has it, in Latin letters regardless of case', async () => {
		const [, anna] = desk().people;
		expect(await invited(anna.name)).toEqual([anna.unionId]);
		await desk().recorder.clear();
		expect(await invited(anna.pinyin.toUpperCase())).toEqual([anna.unionId]);
	});

	it('does not match a longer name that contains it', async () => {
		const { message } = await refusal(inviting('欧阳'));
		expect(message).toBe("'Attendees' cannot be used: no one in your organization has the name '欧阳' [Item 0]");
	});

	it.each([
		['张伟', "'张伟'"],
		['zhangwei', "'zhangwei'"],
	])('that two people have, as %s, is refused with all that tells them apart', async (name, quoted) => {
		const [one, other] = desk().people.filter((person) => person.name === '张伟');
		const { message, description, stored } = await refusal(inviting(name));
		expect(message).toBe(
			`'Attendees' cannot be used: several people have the name ${quoted}: ` +
				`张伟 (前端组/研发中心, ${masked(one.mobile)}) user ID ${one.userId}; ` +
				`张伟 (市场销售部, ${masked(other.mobile)}) user ID ${other.userId} [Item 0]`,
		);
		expect(description).toContain('Enter one of the listed user IDs instead.');
		for (const { mobile } of [one, other]) expect(stored).not.toContain(mobile);
	});

	it('that two people have is right with the ID that the message gives', async () => {
		const [, other] = desk().people.filter((person) => person.name === '张伟');
		expect(await invited(`张伟 <${other.userId}>`)).toEqual([other.unionId]);
	});

	it.each([
		['赵无此人', "no one in your organization has the name '赵无此人'"],
		['nobody', "no one in your organization has the user ID or name 'nobody'"],
		['nobody@example.com', "no one visible to your DingTalk app has the e-mail address 'nobody@example.com'"],
		['987654321', "no one in your organization has this user ID or mobile number: '987654321'"],
		[
			'+14155552671',
			"'+14155552671' is not a valid mobile number; outside mainland China, write +, the country code, a hyphen and the number, such as +1-4155550100",
		],
		['19999990000', "no one in your organization has this user ID or mobile number: '19999990000'"],
	])('or other text that matches no one, such as %s, is refused with what was tried', async (who, problem) => {
		const { message } = await refusal(inviting(who));
		expect(message).toBe(`'Attendees' cannot be used: ${problem} [Item 0]`);
	});

	it.each([
		['欧阳', 'Check the spelling, or enter the mobile number'],
		['nobody', 'Check the spelling, or enter the mobile number'],
		['nobody@example.com', 'Check the spelling, or enter the mobile number'],
		['19999990000', 'Check it in the DingTalk admin console.'],
	])('or other text that matches no one, such as %s, comes with advice for such a text', async (who, advice) => {
		const { description } = await refusal(inviting(who));
		expect(description).toContain(advice);
		expect(description).toContain("within your app's contact range");
		expect(description).not.toContain('union ID');
	});

	it.each([
		['Organizer', () => ({ ...inviting(''), user: locator('赵无此人') })],
		['Optional Attendees', () => inviting('', { optionalAttendees: '赵无此人' })],
	])('that matches no one is refused with the label of its field: %s', async (field, parameters) => {
		expect((await refusal(parameters())).message).toContain(`'${field}' cannot be used: no one`);
	});

	it.each(['王芳（实习）', '王芳１', 'Anne-Marie-Schmidt', '王芳(实习)'])(
		'is searched as typed first: %s',
		async (name) => {
			const [half, typed] = hire(desk(), 2);
			half.name = name.normalize('NFKC');
			typed.name = name;
			if (half.name === typed.name) half.name = 'someone else';
			expect(await invited(name)).toEqual([typed.unionId]);
		},
	);

	it('in full width is found in half width too', async () => {
		const [half] = hire(desk(), 1);
		half.name = '王芳(实习)';
		expect(await invited('王芳（实习）')).toEqual([half.unionId]);
	});

	it('in Latin letters gives way to a user ID that is the same', async () => {
		const [, anna] = desk().people;
		const [newcomer] = hire(desk(), 1);
		newcomer.userId = anna.pinyin;
		expect(await invited(anna.pinyin)).toEqual([newcomer.unionId]);
		await desk().recorder.clear();
		expect(await invited(anna.pinyin, { identifyBy: 'name' })).toEqual([anna.unionId]);
	});
});

describe('a person outside the contact range of the app', () => {
	const hide = async () => {
		const [, anna] = desk().people;
		await desk().control('people', { userId: anna.userId, outsideScope: true });
		return anna;
	};

	it('is named as such by user ID, and as unknown by all else', async () => {
		const anna = await hide();
		expect((await refusal(inviting(anna.userId))).message).toBe(
			`'Attendees' cannot be used: this person is outside your DingTalk app's contact range: '${anna.userId}' [Item 0]`,
		);
		for (const who of [anna.name, anna.pinyin, anna.mobile, anna.email]) {
			expect((await refusal(inviting(who))).message).toMatch(/^'Attendees' cannot be used: no one /);
		}
	});

	it('lets the name mean the other of two people who have it', async () => {
		const [one, other] = desk().people.filter((person) => person.name === '张伟');
		await desk().control('people', { userId: one.userId, outsideScope: true });
		expect(await invited('张伟')).toEqual([other.unionId]);
	});
});

describe('a permission that the app does not have', () => {
	it.each([
		['qyapi_addresslist_search', '欧阳娜娜', 'search for people by name'],
		['qyapi_get_member', '987654321', 'look up the user ID'],
		['qyapi_get_member_by_mobile', '13800138000', 'look up the mobile number'],
		['qyapi_get_department_member', 'nobody@example.com', 'list the people of the department'],
	])('is named: %s, for %s', async (scope, who, does) => {
		await withoutScope(scope);
		const { message, description } = await refusal(inviting(who));
		expect(message).toBe(`Your DingTalk app is not allowed to ${does} [Item 0]`);
		expect(description).toContain(`Select the permission ${scope} for your app`);
	});
});

describe('a number that has lost digits', () => {
	it.each([
		['Attendees', () => inviting('={{ [1234567890123456789] }}')],
		['Attendees', () => inviting('[1234567890123456789]')],
		['Attendees', () => inviting('={{ 1234567890123456789 }}')],
		['Organizer', () => ({ ...inviting(''), user: locator('={{ 1234567890123456789 }}') })],
	])('is refused in %s, not taken for the ID of another person', async (field, parameters) => {
		expect((await refusal(parameters())).message).toBe(
			`'${field}' cannot be used: the number 1234567890123456800 is not exact; enter an ID of this length as text [Item 0]`,
		);
	});

	it('is taken where it has all of them', async () => {
		const [, anna] = desk().people;
		expect(await invited(`={{ [${anna.mobile}] }}`)).toEqual([anna.unionId]);
	});
});

describe('a mobile number', () => {
	const KINDS = ['auto', 'unionId', 'mobile', 'email', 'name'];
	const WRITTEN = [
		'19912345678',
		'+86 199-1234-5678',
		'１９９１２３４５６７８',
		'199 1234 5678 199 1234 5679',
		'Ann <19912345678>',
		'1991234567',
	];

	it.each(WRITTEN)(
		'is in the message as it was typed, for the person who typed it, and nowhere else: %s',
		async (typed) => {
			for (const identifyBy of KINDS) {
				// Ten digits are a user ID, unless they were meant as a mobile number.
				if (typed.length === 10 && identifyBy !== 'mobile') continue;
				for (const onError of ['stopWorkflow', 'continueRegularOutput'] as const) {
					const { run } = await desk().runNode({
						parameters: inviting('={{ $json.who }}', { identifyBy }),
						items: [{ who: typed }],
						onError,
					});
					const { error, resultData } = { error: errorOf(run), resultData: run.data.resultData };
					// What the nodes before gave is the user's own; all that this node leaves is looked at.
					const left = JSON.stringify([
						resultData.runData[TESTED_NODE],
						error?.message,
						error?.description,
						error?.stack,
					]);
					expect(left).toContain("'Attendees' cannot be used");
					expect(left).toContain(typed.split('>')[0]);
					const beyondMessage = left.split(typed).join('').normalize('NFKC');
					expect(beyondMessage).not.toMatch(/199\D?1234\D?567|1991234567/);
				}
			}
		},
	);

	it('of people whom a message lists is masked in everything that is stored', async () => {
		const { stored } = await refusal(inviting('张伟'));
		expect(stored).toContain('****');
		for (const { mobile } of desk().people) expect(stored).not.toContain(mobile);
	});
});

describe('a lookup of people', () => {
	it('succeeds for the last of many although they wait in line longer than a call may take', async () => {
		const crowd = hire(desk(), 200);
		const data = { ...desk().engine.credentials.peek(desk().credential), callsPerSecond: 1 };
		const credential = desk().engine.addCredential({ type: 'dingTalkCalendarApi', data });
		const path = '/topapi/v2/user/getbymobile';
		await desk().control('faults', { match: { path, nth: 199 }, do: 'throttleQps' });
		const attendees = crowd.map(({ mobile }) => mobile).join();
		const { run } = await desk().runNode({ parameters: inviting(attendees), credential });
		expect(errorOf(run)).toBeUndefined();
		expect((await requestsOf(desk())).filter((request) => request.path === path)).toHaveLength(201);
	});

	it('costs a call for each event and no more lookups than there are people', async () => {
		await desk().control('limits', { eventsPerDay: 1000 });
		const ten = desk().people.slice(10, 20);
		const at = (position: number): string => ten[position % ten.length].mobile;
		const items = Array.from({ length: 200 }, (_, i) => ({
			host: at(i),
			guests: `${at(i + 1)}, +86 ${at(i + 2)}`,
			maybe: [at(i + 3)],
		}));
		const { run, items: events } = await desk().runNode({
			parameters: {
				...inviting('={{ $json.guests }}', { optionalAttendees: '={{ $json.maybe }}' }),
				user: locator('={{ $json.host }}'),
			},
			items,
		});
		expect(errorOf(run)).toBeUndefined();
		expect(events).toHaveLength(200);
		const { metered, free, token, counts } = await desk().recorder.summary();
		expect({ metered, free, token }).toEqual({ metered: 200, free: 20, token: 1 });
		expect(counts).toMatchObject({ 'POST /topapi/v2/user/get': 10, 'POST /topapi/v2/user/getbymobile': 10 });
		const created = (await requestsOf(desk())).filter(({ path }) => path.endsWith('/events'));
		expect(new Set(created.map(({ path }) => path))).toEqual(
			new Set(ten.map((person) => `${calendarPath(person)}/events`)),
		);
	});
});
