import { getEventListeners } from 'node:events';
import type { IAllExecuteFunctions } from 'n8n-workflow';
import { abortable, onAbort } from '../../../lib/dingtalk/utils/abort';
import { createTransport } from '../../../lib/dingtalk/client/transport';

const never = new Promise<never>(() => undefined);
const why = new Error('Somebody pressed Stop');

describe('waiting unless it is stopped', () => {
	it('puts one listener on a signal, however many wait', async () => {
		const stop = new AbortController();
		const waiting = Array.from(
			{ length: 50 },
			async () => await abortable(never, stop.signal).catch((error: unknown) => error),
		);
		expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
		stop.abort(why);
		expect(new Set(await Promise.all(waiting))).toEqual(new Set([why]));
	});

	it('gives what came before the signal, and forgets about it', async () => {
		const stop = new AbortController();
		expect(await abortable(Promise.resolve(7), stop.signal)).toBe(7);
		const act = jest.fn();
		onAbort(stop.signal, act)();
		stop.abort(why);
		expect(act).not.toHaveBeenCalled();
	});
});

describe('a request', () => {
	const stored = { region: 'custom', baseUrl: 'http://127.0.0.1:1', clientId: 'a', clientSecret: 'b' };

	/** n8n, as far as a request goes: asks the context it is called with for the signal. */
	function contextWith(stop: AbortController, answer: Promise<unknown>) {
		const signals: Array<AbortSignal | undefined> = [];
		const context = {
			getCredentials: async () => await Promise.resolve(stored),
			getNode: () => ({ credentials: {} }),
			getExecutionCancelSignal: () => stop.signal,
			helpers: {
				async httpRequestWithAuthentication(this: { getExecutionCancelSignal(): AbortSignal | undefined }) {
					signals.push(this.getExecutionCancelSignal());
					return await answer;
				},
			},
		};
		return { context: context as unknown as IAllExecuteFunctions, signals };
	}
	const request = { method: 'GET' as const, url: 'http://127.0.0.1:1/v1.0/x', headers: {} };

	it('has a signal of its own, so that n8n may listen to it as often as it likes', async () => {
		const stop = new AbortController();
		const { context, signals } = contextWith(stop, Promise.resolve({ statusCode: 200, body: {}, headers: {} }));
		const wire = await createTransport(context);
		await Promise.all(Array.from({ length: 30 }, async () => await wire.send(request)));
		expect(new Set(signals).size).toBe(30);
		expect(signals).not.toContain(stop.signal);
		expect(getEventListeners(stop.signal, 'abort').length).toBeLessThanOrEqual(1);
	});

	it('is cut off by Stop, unless it shall finish', async () => {
		const stop = new AbortController();
		let answer: (value: unknown) => void = () => undefined;
		const answered = new Promise((resolve) => {
			answer = resolve;
		});
		const { context, signals } = contextWith(stop, answered);
		const wire = await createTransport(context);
		const sent = wire.send(request).catch((error: unknown) => error);
		const finished = wire.send({ ...request, ignoreStop: true });
		stop.abort(why);
		expect(await sent).toBe(why);
		expect(signals.map((signal) => signal?.aborted)).toEqual([true, false]);
		answer({ statusCode: 200, body: {}, headers: {} });
		expect(await finished).toMatchObject({ status: 200 });
	});
});
