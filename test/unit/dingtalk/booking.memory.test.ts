import { attemptAt } from '../../../lib/dingtalk/rooms/bookingAttempts';
import type { Booked } from '../../../lib/dingtalk/rooms/bookingOutcome';

const HOUR = 60 * 60_000;
const REAL = { isPreview: false };
const BOOKED: Booked = { event: { id: 'e' }, steps: [] };

describe('what is remembered of a booking', () => {
	afterEach(() => jest.restoreAllMocks());

	it('is there when it is tried again', () => {
		attemptAt('again', REAL).finished = BOOKED;
		expect(attemptAt('again', REAL).finished).toBe(BOOKED);
	});

	it('ends after a day, as what DingTalk knows of the request does', () => {
		const start = Date.now();
		attemptAt('daily', REAL).finished = BOOKED;
		jest.spyOn(Date, 'now').mockReturnValue(start + 25 * HOUR);
		expect(attemptAt('daily', REAL)).toMatchObject({ round: 0 });
		expect(attemptAt('daily', REAL).finished).toBeUndefined();
	});

	it('keeps an event that is still there, however old', () => {
		const start = Date.now();
		attemptAt('left', REAL).left = { eventId: 'e' };
		jest.spyOn(Date, 'now').mockReturnValue(start + 25 * HOUR);
		expect(attemptAt('left', REAL).left).toEqual({ eventId: 'e' });
	});

	it('is nothing for a preview', () => {
		attemptAt('shown', { isPreview: true }).finished = BOOKED;
		expect(attemptAt('shown', { isPreview: true }).finished).toBeUndefined();
		expect(attemptAt('shown', REAL).finished).toBeUndefined();
	});
});
