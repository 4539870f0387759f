/** Tests that waits and requests end when the workflow is stopped. */
import { getEventListeners } from 'node:events';
import type { IAllExecuteFunctions } from 'n8n-workflow';
import { abortable, onAbort } from '../../../lib/dingtalk/utils/abort';
import { createTransport } from '../../../lib/dingtalk/client/transport';

const never = new Promise<never>(() => undefined);
const reason = new Error('The workflow was stopped');

describe('An abortable promise', () => {
	it('shares one listener per signal with any number of others', async () => {
		const stop = new AbortController();
		const waiting = Array.from(
			{ length: 50 },
			async () => await abortable(never, stop.signal).catch((error: unknown) => error),
		);
		expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
		stop.abort(reason);
		expect(new Set(await Promise.all(waiting))).toEqual(new Set([reason]));
	});

	it('resolves if it is done before the signal is aborted, and a removed callback is not called', async () => {
		const stop = new AbortController();
		expect(await abortable(Promise.resolve(7), stop.signal)).toBe(7);
		const callback = jest.fn();
		onAbort(stop.signal, callback)();
		stop.abort(reason);
		expect(callback).not.toHaveBeenCalled();
	});
});

describe('A request of the transport', () => {
	const stored = { region: 'custom', baseUrl: 'http://127.0.0.1:1', clientId: 'a', clientSecret: 'b' };

	/** The part of n8n that sends requests: it reads the cancel signal of the context it is called with. */
	function contextWith(stop: AbortController, response: Promise<unknown>) {
		const signals: Array<AbortSignal | undefined> = [];
		const context = {
			getCredentials: async () => await Promise.resolve(stored),
			getNode: () => ({ credentials: {} }),
			getExecutionCancelSignal: () => stop.signal,
			helpers: {
				async httpRequestWithAuthentication(this: { getExecutionCancelSignal(): AbortSignal | undefined }) {
					signals.push(this.getExecutionCancelSignal());
					return await response;
				},
			},
		};
		return { context: context as unknown as IAllExecuteFunctions, signals };
	}
	const request = { method: 'GET' as const, url: 'http://127.0.0.1:1/v1.0/x', headers: {} };

	it('has a separate cancel signal, so that the listeners of n8n do not add up', async () => {
		const stop = new AbortController();
		const { context, signals } = contextWith(stop, Promise.resolve({ statusCode: 200, body: {}, headers: {} }));
		const transport = await createTransport(context);
		await Promise.all(Array.from({ length: 30 }, async () => await transport.send(request)));
		expect(new Set(signals).size).toBe(30);
		expect(signals).not.toContain(stop.signal);
		expect(getEventListeners(stop.signal, 'abort').length).toBeLessThanOrEqual(1);
	});

	it('is canceled when the workflow is stopped, unless it ignores the stop', async () => {
		const stop = new AbortController();
		let respond: (value: unknown) => void = () => undefined;
		const response = new Promise((resolve) => {
			respond = resolve;
		});
		const { context, signals } = contextWith(stop, response);
		const transport = await createTransport(context);
		const sent = transport.send(request).catch((error: unknown) => error);
		const finished = transport.send({ ...request, ignoresAbort: true });
		stop.abort(reason);
		expect(await sent).toBe(reason);
		expect(signals.map((signal) => signal?.aborted)).toEqual([true, false]);
		respond({ statusCode: 200, body: {}, headers: {} });
		expect(await finished).toMatchObject({ status: 200 });
	});
});
