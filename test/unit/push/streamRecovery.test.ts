/** Tests how a Stream connection heals, what that costs, and when the user hears that it does not. */
import { MINUTE, SECOND } from '../../../lib/dingtalk/utils/time';
import { FakeGateway, refusal } from './fakeGateway';

describe('A Stream connection', () => {
	let gateway: FakeGateway;
	beforeEach(() => {
		gateway = new FakeGateway();
	});

	const ticketsWithin = (ms: number): number => {
		const from = gateway.tickets[0].at;
		return gateway.tickets.filter(({ at }) => at < from + ms).length;
	};

	it.each(['at once', 'after a message', 'on request'])(
		'requests at most twelve tickets in ten minutes from a gateway that disconnects %s',
		async (when) => {
			gateway.onSocket = (socket) => {
				socket.open();
				if (when !== 'at once') gateway.ping(socket);
				if (when === 'on request')
					socket.receive({ type: 'SYSTEM', headers: { topic: 'disconnect', messageId: 'd' }, data: '{}' });
				setImmediate(() => socket.end());
			};
			const listening = await gateway.subscribe();
			await gateway.clock.advance(20 * MINUTE);
			expect(ticketsWithin(10 * MINUTE)).toBeLessThanOrEqual(12);
			expect(ticketsWithin(10 * MINUTE)).toBeGreaterThan(5);
			expect(listening.failures.map(({ message }) => message)).toEqual([
				'There has been no lasting Stream connection to DingTalk for ten minutes, so no changes arrive',
			]);
		},
	);

	it('is replaced at once when DingTalk asks for it after hours, and after a second when it is lost', async () => {
		await gateway.subscribe();
		await gateway.pass(60 * MINUTE);
		gateway.open()[0].receive({ type: 'SYSTEM', headers: { topic: 'disconnect', messageId: 'd' }, data: '{}' });
		await gateway.clock.settle();
		expect(gateway.sockets).toHaveLength(2);
		await gateway.pass(60 * MINUTE);
		gateway.open()[0].end();
		await gateway.clock.advance(SECOND);
		expect(gateway.sockets).toHaveLength(3);
	});

	it.each([refusal('server'), refusal('network'), refusal('throttle'), new Error('anything')])(
		'heals by itself from %s, which is reported once after ten minutes',
		async (failure) => {
			const listening = await gateway.subscribe();
			await gateway.pass(5 * MINUTE);
			gateway.failure = failure;
			gateway.open()[0].end();
			await gateway.clock.advance(9.9 * MINUTE);
			expect(listening.failures).toEqual([]);
			await gateway.clock.advance(MINUTE);
			expect(listening.failures).toHaveLength(1);
			await gateway.clock.advance(60 * MINUTE);
			expect(listening.failures).toHaveLength(1);
			gateway.failure = undefined;
			await gateway.pass(4 * MINUTE);
			expect(gateway.open()).toHaveLength(1);
			expect(listening.logs).toContain('Changes arrive from DingTalk again');
			gateway.failure = failure;
			gateway.open()[0].end();
			await gateway.clock.advance(15 * MINUTE);
			expect(listening.failures).toHaveLength(2);
		},
	);

	it.each(['credentials', 'permission'] as const)(
		'reports once that DingTalk refuses the app (%s), and recovers when DingTalk accepts it again',
		async (kind) => {
			const listening = await gateway.subscribe();
			await gateway.pass(5 * MINUTE);
			gateway.failure = refusal(kind);
			gateway.open()[0].end();
			await gateway.clock.advance(5 * SECOND);
			expect(listening.failures).toEqual([gateway.failure]);
			const before = gateway.tickets.length;
			await gateway.clock.advance(60 * MINUTE);
			expect(listening.failures).toHaveLength(1);
			expect(gateway.tickets.length - before).toBeLessThanOrEqual(12);
			gateway.failure = undefined;
			await gateway.pass(6 * MINUTE);
			gateway.push();
			await gateway.clock.settle();
			expect(listening.received).toHaveLength(1);
			expect(listening.logs).toContain('Changes arrive from DingTalk again');
		},
	);

	it('reports an emptied secret within a minute and works with the next one without being activated again', async () => {
		const listening = await gateway.subscribe();
		listening.credential.clientSecret = '';
		await gateway.pass(MINUTE);
		expect(listening.failures.map(({ message }) => message)).toEqual(["The credential has no 'Client Secret'"]);
		expect(gateway.open()).toHaveLength(0);
		gateway.secrets.set('app', 'rotated');
		listening.credential.clientSecret = 'rotated';
		await gateway.pass(MINUTE);
		gateway.push();
		await gateway.clock.settle();
		expect([listening.received.length, listening.failures.length]).toEqual([1, 1]);
	});

	it('goes on with the credential it has while credentials cannot be read, and not when one is gone', async () => {
		const listening = await gateway.subscribe();
		const kept = listening.credential;
		const unreadable = {
			get region(): string {
				throw new Error('The database is locked');
			},
		};
		listening.credential = unreadable;
		await gateway.pass(2 * MINUTE);
		gateway.push();
		await gateway.clock.settle();
		expect(listening.received).toHaveLength(1);
		listening.credential = kept;
		await gateway.pass(2 * MINUTE);
		listening.credential = unreadable;
		await gateway.pass(3 * MINUTE);
		expect(listening.failures.map(({ message }) => message)).toEqual(['The database is locked']);
		expect(gateway.open()).toHaveLength(0);
	});

	it('is replaced when it is cut without notice, within two and a half minutes, and closed', async () => {
		await gateway.subscribe();
		await gateway.pass(5 * MINUTE);
		const [first] = gateway.open();
		first.isCut = true;
		await gateway.clock.advance(3 * MINUTE);
		expect(gateway.open()).toHaveLength(1);
		expect(gateway.open()[0]).not.toBe(first);
		expect(first.isOpen).toBe(false);
	});

	it('may be quiet for longer if the gateway is there: WebSocket pings, which are not visible, keep it alive', async () => {
		gateway.onSocket = (socket) => socket.open();
		const listening = await gateway.subscribe();
		await gateway.clock.advance(60 * MINUTE);
		expect(gateway.open()).toHaveLength(1);
		expect(listening.failures).toEqual([]);
		expect(gateway.tickets.length).toBeLessThanOrEqual(7);
		const before = gateway.tickets.length;
		await gateway.clock.advance(60 * MINUTE);
		expect(gateway.tickets.length - before).toBeLessThanOrEqual(4);
	});

	it('closes each socket that does not open in time', async () => {
		await gateway.subscribe();
		await gateway.pass(2 * MINUTE);
		gateway.onSocket = () => undefined;
		gateway.open()[0].end();
		await gateway.clock.advance(3 * MINUTE);
		expect(gateway.sockets.length).toBeGreaterThan(3);
		expect(gateway.sockets.slice(0, -1).every(({ readyState }) => readyState === 3)).toBe(true);
	});
});
