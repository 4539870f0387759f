import { getAttempt } from '../../../lib/dingtalk/rooms/bookingAttempts';
import type { BookingResult } from '../../../lib/dingtalk/rooms/bookingOutcome';

const HOUR = 60 * 60_000;
const REAL = { isPreview: false };
const BOOKED: BookingResult = { event: { id: 'e' }, steps: [] };

describe('what is remembered of a booking', () => {
	afterEach(() => jest.restoreAllMocks());

	it('is there when it is tried again', () => {
		getAttempt('again', REAL).finished = BOOKED;
		expect(getAttempt('again', REAL).finished).toBe(BOOKED);
	});

	it('ends after a day, as what DingTalk knows of the request does', () => {
		const start = Date.now();
		getAttempt('daily', REAL).finished = BOOKED;
		jest.spyOn(Date, 'now').mockReturnValue(start + 25 * HOUR);
		expect(getAttempt('daily', REAL)).toMatchObject({ eventNumber: 0 });
		expect(getAttempt('daily', REAL).finished).toBeUndefined();
	});

	it('keeps an event that is still there, however old', () => {
		const start = Date.now();
		getAttempt('left', REAL).pendingEvent = { eventId: 'e' };
		jest.spyOn(Date, 'now').mockReturnValue(start + 25 * HOUR);
		expect(getAttempt('left', REAL).pendingEvent).toEqual({ eventId: 'e' });
	});

	it('is nothing for a preview', () => {
		getAttempt('shown', { isPreview: true }).finished = BOOKED;
		expect(getAttempt('shown', { isPreview: true }).finished).toBeUndefined();
		expect(getAttempt('shown', REAL).finished).toBeUndefined();
	});
});
