/** Tests the simulator's check-in and check-out. */
import { CheckIns } from '../../simulator/checkIn/checkInStore';
import type { Switches } from '../../simulator/switches';
import { daily, CalendarTestbed, eventPath, GUEST, HOST } from './calendarTestbed';

const HOUR = 3_600_000;

/** An event from ten to eleven, with the clock at eight. */
function opened(switches: Partial<Switches> = {}, fields = {}) {
	const testbed = new CalendarTestbed(switches);
	const { id } = testbed.create({ attendees: [{ id: GUEST }], ...fields });
	const enter = (call: 'signin' | 'signOut' | 'checkIn', user = GUEST, eventId = id) =>
		testbed.ask('POST', `${eventPath(eventId, user)}/${call}`);
	return { testbed, id, enter };
}

it('A second check-in returns the new time, depending on the switch', () => {
	const { testbed, enter } = opened({ signInTwice: 'newTime' });
	const first = Number(enter('signin').checkInTime);
	testbed.clock.advance(HOUR);
	expect(Number(enter('signin').checkInTime)).toBeGreaterThanOrEqual(first + HOUR);
});

it('Checking out without checking in is allowed or refused, depending on the switch', () => {
	const { testbed, enter } = opened();
	expect(enter('signOut', HOST)).toHaveProperty('checkOutTime');
	testbed.world.switches.signOutWithoutSignIn = 'refused';
	expect(() => enter('signOut')).toThrow('has not checked in');
	enter('checkIn');
	expect(enter('signOut')).toHaveProperty('checkOutTime');
});

it.each([
	[0, false],
	[1.5, true],
	[2.5, true],
	[3.5, true],
	[4.5, false],
])('Check-in opens only around the event, depending on the switch: after %d hours, open is %s', (hours, isOpen) => {
	const { testbed, enter } = opened({ signInWindow: 'aroundEvent' });
	testbed.clock.advance(hours * HOUR);
	if (isOpen) expect(enter('signin')).toHaveProperty('checkInTime');
	else expect(() => enter('signin')).toThrow('not open');
});

it('Check-in for an occurrence opens around that occurrence, and for the series around any of them', () => {
	const { testbed, id, enter } = opened({ signInWindow: 'aroundEvent' }, { recurrence: daily() });
	const [today, tomorrow] = testbed.view('2026-03-02T00:00:00+08:00', '2026-03-04T00:00:00+08:00');
	testbed.clock.advance(26 * HOUR);
	expect(() => enter('signin', GUEST, today.id)).toThrow('not open');
	expect(enter('signin', GUEST, tomorrow.id)).toHaveProperty('checkInTime');
	expect(enter('signin', GUEST, id)).toHaveProperty('checkInTime');
});

it('Check-ins and check-outs are recorded for the control plane', () => {
	const { testbed, id, enter } = opened();
	enter('signin');
	enter('signOut');
	expect(testbed.world.use(CheckIns).all()).toEqual([
		{ eventId: id, unionId: GUEST, in: expect.any(Number) as unknown, out: expect.any(Number) as unknown },
	]);
});
