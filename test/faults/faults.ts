/** The ways in which a call can go wrong. */
import type { FaultRule } from '../simulator/gateway/faults';

/** What the struck call did to DingTalk before it went wrong; `running`: it is still at work when it is asked again. */
export type Carried = 'no' | 'yes' | 'running';

export interface Strike {
	/** What DingTalk does to the call; `refuse`: nothing listens at the other end. */
	do: Omit<FaultRule, 'match'> | 'refuse';
	carried: Carried;
	/** The answer arrives whole, so that nothing has gone wrong for the caller. */
	harmless?: true;
	/** No later attempt can succeed. */
	lasts?: true;
}

export interface Fault {
	/** The column of the table. */
	name: string;
	/** Several where the same thing can happen at different moments; a cell stands for all of them. */
	strikes: Strike[];
}

const status = (code: number, name: string, message: string): Strike => ({
	do: { do: 'status', status: code, code: name, message },
	carried: 'no',
});

const before = (deed: FaultRule['do']): Strike => ({ do: { do: deed }, carried: 'no' });
const after = (deed: FaultRule['do']): Strike => ({ do: { do: deed }, carried: 'yes' });

/** Longer than any wait here; the fault is lifted instead. */
export const FOR_EVER = 3_600_000;
const A_MOMENT = 20;

export const FAULTS: Fault[] = [
	{ name: 'token expired', strikes: [before('expireToken')] },
	// DingTalk goes on handing out the revoked token until its time is over, so there is no other to be had.
	{ name: 'token revoked', strikes: [{ ...before('revokeToken'), lasts: true }] },
	{ name: 'QPS', strikes: [before('throttleQps')] },
	{ name: 'QPM', strikes: [before('throttleQpm')] },
	{ name: '429', strikes: [status(429, 'system.busy', 'request too frequent')] },
	{ name: '500', strikes: [status(500, 'unknownError', '未知错误')] },
	{ name: '502 HTML', strikes: [{ do: { do: 'html', status: 502 }, carried: 'no' }] },
	{ name: '`system.error` 400', strikes: [status(400, 'system.error', '未知的系统错误')] },
	{ name: 'connection refused', strikes: [{ do: 'refuse', carried: 'no' }] },
	{ name: 'reset before commit', strikes: [before('dropBeforeCommit')] },
	{ name: 'reset after commit', strikes: [after('dropAfterCommit')] },
	{
		name: 'time-out',
		strikes: [
			before('hangBeforeCommit'),
			after('hangAfterCommit'),
			{ do: { do: 'delay', delayMs: FOR_EVER }, carried: 'running' },
		],
	},
	{ name: 'truncated JSON', strikes: [after('truncate')] },
	{
		name: 'slow body',
		strikes: [
			{ do: { do: 'slowBody', delayMs: A_MOMENT }, carried: 'yes', harmless: true },
			{ do: { do: 'slowBody', delayMs: FOR_EVER }, carried: 'yes' },
		],
	},
	{ name: 'empty body', strikes: [after('emptyBody')] },
	{ name: 'wrong content type', strikes: [{ ...after('wrongContentType'), harmless: true }] },
];
