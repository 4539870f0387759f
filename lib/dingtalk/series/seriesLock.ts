/** One change of a series at a time. */
import { accountKey, type Account } from '../account';
import { OneAtATime } from '../utils/oneAtATime';

const changes = new OneAtATime();

export const withSeriesLock = async <T>(
	account: Account,
	{ userId, calendarId }: { userId: string; calendarId: string },
	change: () => Promise<T>,
): Promise<T> => await changes.run(`${accountKey(account)} ${userId} ${calendarId}`, change);
