/** Tests what is remembered of a booking between retries, and for how long. */
import { readAccount } from '../../../lib/dingtalk/account';
import { getAttempt } from '../../../lib/dingtalk/rooms/bookingAttempts';
import type { BookingResult } from '../../../lib/dingtalk/rooms/bookingOutcome';

const HOUR = 60 * 60_000;
const account = readAccount({ clientId: 'app', clientSecret: 'secret' });
const REAL = { account, isPreview: false };
const BOOKED: BookingResult = {
	meeting: { summary: 'Talk', zone: 'Asia/Shanghai', organizer: 'union', attendees: '' },
	event: { id: 'e' },
	steps: [],
};

function passTime(ms: number): void {
	const start = performance.now();
	jest.spyOn(performance, 'now').mockReturnValue(start + ms);
}

describe('The state of a booking attempt', () => {
	afterEach(() => jest.restoreAllMocks());

	it('is kept for a retry', () => {
		getAttempt('again', REAL).result = BOOKED;
		expect(getAttempt('again', REAL).result).toBe(BOOKED);
	});

	it('expires after a day, like an idempotency key in DingTalk', () => {
		getAttempt('daily', REAL).result = BOOKED;
		passTime(25 * HOUR);
		expect(getAttempt('daily', REAL)).toMatchObject({ eventNumber: 0 });
		expect(getAttempt('daily', REAL).result).toBeUndefined();
	});

	it('begins anew a day after a booking that failed', () => {
		getAttempt('failed', REAL).eventNumber = 1;
		passTime(25 * HOUR);
		expect(getAttempt('failed', REAL).eventNumber).toBe(0);
	});

	it.each([
		['forward', 48 * HOUR],
		['back', -48 * HOUR],
	])('does not change when the clock of the server is set %s', (direction, ms) => {
		const start = Date.now();
		getAttempt(direction, REAL).result = BOOKED;
		jest.spyOn(Date, 'now').mockReturnValue(start + ms);
		expect(getAttempt(direction, REAL).result).toBe(BOOKED);
		passTime(25 * HOUR);
		expect(getAttempt(direction, REAL).result).toBeUndefined();
	});

	it('does not expire while an event is pending', () => {
		getAttempt('left', REAL).pendingEvent = { eventId: 'e' };
		passTime(25 * HOUR);
		expect(getAttempt('left', REAL).pendingEvent).toEqual({ eventId: 'e' });
	});

	it('is not kept for a preview', () => {
		getAttempt('shown', { ...REAL, isPreview: true }).result = BOOKED;
		expect(getAttempt('shown', { ...REAL, isPreview: true }).result).toBeUndefined();
		expect(getAttempt('shown', REAL).result).toBeUndefined();
	});
});
