/** How each switch of calendars, shares, free/busy, check-in and rooms shows through the official client. */
import { Member } from '../member';
import { daily, HOUR, meeting, meetingOn } from '../samples';
import type { Stage } from '../stage';
import type { Fields } from '../user';
import { outcome, type SwitchCases } from './switchCase';

const WEEK = { startTime: '2026-03-02T00:00:00+08:00', endTime: '2026-03-09T00:00:00+08:00' };

/** What DingTalk does not say about calendars, shares, free/busy, check-in and rooms. */
export function otherSwitches(
	stage: Stage,
): SwitchCases<
	| 'sharedCalendarIds'
	| 'privilegeSpelling'
	| 'grantTwice'
	| 'authorSubscribes'
	| 'outOfRangeSubscribers'
	| 'unansweredFreeBusy'
	| 'signInWindow'
	| 'signInTwice'
	| 'signOutWithoutSignIn'
	| 'recurringRooms'
	| 'roomRespondBy'
> {
	const member = async (index: number): Promise<Member> => Member.of(await stage.user(index));

	const toPeople = (...indexes: number[]): Fields => ({
		subscribeScope: { unionIds: indexes.map((index) => stage.person(index).unionId) },
	});

	const share = async (owner: Member, reader: Member): Promise<unknown> =>
		await owner.share({ privilege: 'reader', sendMsg: false, scope: { scopeType: 'user', userId: reader.unionId } });

	async function shared(): Promise<{ reader: Member; entry: { id?: string; privilege?: string } }> {
		const [owner, reader] = [await member(0), await member(1)];
		await share(owner, reader);
		const entry = (await reader.calendars()).find(({ type }) => type === 'shared');
		return { reader, entry: { ...entry } };
	}

	const subscribesTo = async (user: Member, calendarId: string): Promise<boolean> =>
		(await user.calendars()).some(({ id }) => id === calendarId);

	return {
		sharedCalendarIds: {
			observe: async () => {
				const { reader, entry } = await shared();
				return await outcome(reader.on(encodeURIComponent(entry.id ?? '')).list());
			},
			expected: [
				['readable', 'done'],
				['primaryOnly', '404 itemNotFound'],
			],
		},
		privilegeSpelling: {
			observe: async () => (await shared()).entry.privilege,
			expected: [
				['documented', 'reader'],
				['sample', 'VIEW_DETAIL'],
			],
		},
		grantTwice: {
			observe: async () => {
				const [owner, reader] = [await member(0), await member(1)];
				await share(owner, reader);
				return await outcome(share(owner, reader));
			},
			expected: [
				['update', 'done'],
				['refuse', '400 invalidParameter'],
			],
		},
		authorSubscribes: {
			observe: async () => {
				const author = await member(0);
				return await subscribesTo(
					author,
					await author.createSubscribedCalendar({ name: 'Holidays', ...toPeople(0, 1) }),
				);
			},
			expected: [
				[true, true],
				[false, false],
			],
		},
		outOfRangeSubscribers: {
			observe: async () => {
				const [author, reader] = [await member(0), await member(1)];
				const calendarId = await author.createSubscribedCalendar({ name: 'Holidays', ...toPeople(0, 1) });
				await reader.subscribe(calendarId);
				await author.updateSubscribedCalendar(calendarId, toPeople(0));
				return await subscribesTo(reader, calendarId);
			},
			expected: [
				['unsubscribed', false],
				['kept', true],
			],
		},
		unansweredFreeBusy: {
			observe: async () => {
				const [host, guest] = [await member(0), await member(1)];
				await host.create(meeting({ attendees: [{ id: guest.unionId }] }));
				const { scheduleInformation = [] } = await host.schedule({ userIds: [guest.unionId], ...WEEK });
				return scheduleInformation[0].scheduleItems?.map(({ status }) => status);
			},
			expected: [
				['tentative', ['TENTATIVE']],
				['busy', ['BUSY']],
				['free', []],
			],
		},
		signInWindow: {
			observe: async () => {
				const host = await member(0);
				return await outcome(host.signIn(await host.createId(meetingOn('2026-03-05'))));
			},
			expected: [
				['always', 'done'],
				['aroundEvent', '400 invalidParameter'],
			],
		},
		signInTwice: {
			observe: async () => {
				const host = await member(0);
				const id = await host.createId(meeting());
				const first = await host.signIn(id);
				await stage.advance(HOUR);
				return Number((await host.signIn(id)).checkInTime) - Number(first.checkInTime) >= HOUR;
			},
			expected: [
				['firstTime', false],
				['newTime', true],
			],
		},
		signOutWithoutSignIn: {
			observe: async () => {
				const host = await member(0);
				return await outcome(host.signOut(await host.createId(meeting())));
			},
			expected: [
				['allowed', 'done'],
				['refused', '400 invalidParameter'],
			],
		},
		recurringRooms: {
			observe: async () => {
				const host = await member(0);
				const id = await host.createId(meeting({ recurrence: daily({ type: 'numbered', numberOfOccurrences: 3 }) }));
				return await outcome(host.addRooms(id, [{ roomId: stage.world.company.rooms[0].roomId }]));
			},
			expected: [
				['needEndDate', '400 invalidParameter'],
				['anyRange', 'done'],
			],
		},
		roomRespondBy: {
			observe: async () => {
				const [host, keeper] = [await member(0), await member(1)];
				const id = await host.createId(meeting());
				const roomId = stage.world.company.rooms.find(({ approvalSwitch }) => approvalSwitch)?.roomId ?? '';
				await host.addRooms(id, [{ roomId }]);
				return await outcome(keeper.respondForRoom(id, roomId, 'accepted'));
			},
			expected: [
				['anybody', 'done'],
				['organizer', '403 permissionDenied'],
			],
		},
	};
}
