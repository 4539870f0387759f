/** Tests how long what was done to a series is remembered. */
import { readAccount } from '../../../lib/dingtalk/account';
import { getSeriesAttempt } from '../../../lib/dingtalk/series/seriesAttempts';
import { HOUR } from '../../../lib/dingtalk/utils/time';

const client = { account: readAccount({ clientId: 'app', clientSecret: 'secret' }), isPreview: false };

const memoryOf = (work: string): Partial<{ title: string }> => getSeriesAttempt<{ title: string }>(work, client).memory;

describe('What was done to a series', () => {
	afterEach(() => jest.restoreAllMocks());

	it.each([
		['forward', 48 * HOUR],
		['back', -48 * HOUR],
	])('is known for a day, also when the clock of the server is set %s', (direction, ms) => {
		const [date, moment] = [Date.now(), performance.now()];
		memoryOf(direction).title = 'Planning';
		jest.spyOn(Date, 'now').mockReturnValue(date + ms);
		expect(memoryOf(direction)).toEqual({ title: 'Planning' });
		jest.spyOn(performance, 'now').mockReturnValue(moment + 25 * HOUR);
		expect(memoryOf(direction)).toEqual({});
	});
});
