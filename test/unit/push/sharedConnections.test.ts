/** Tests who hears the changes of an app: workflows whose own credential DingTalk has accepted, and no others. */
import { SECOND, MINUTE } from '../../../lib/dingtalk/utils/time';
import { FakeGateway, refusal } from './fakeGateway';

describe('Workflows that share the connection of an app', () => {
	let gateway: FakeGateway;
	beforeEach(() => {
		gateway = new FakeGateway();
	});

	const secretsUsed = (): string[] => gateway.tickets.map(({ clientSecret }) => clientSecret);

	it('use one connection and all hear each change', async () => {
		const first = await gateway.subscribe();
		const second = await gateway.subscribe();
		expect(gateway.open()).toHaveLength(1);
		const reply = gateway.push();
		await gateway.clock.settle();
		expect([first.received.length, second.received.length, reply()]).toEqual([1, 1, 'SUCCESS']);
	});

	it('hear a change without the secrets of any of them, which a gateway could quote', async () => {
		gateway.secrets.set('app', 'the-secret');
		const first = await gateway.subscribe({ clientSecret: 'the-secret' });
		const quoted = [`id-the-secret`, Buffer.from('app:the-secret').toString('base64')];
		gateway.push({ eventId: quoted.join(), key: `key-the-secret` });
		await gateway.clock.settle();
		const heard = JSON.stringify(first.received);
		expect(first.received).toHaveLength(1);
		for (const secret of ['the-secret', quoted[1].slice(0, -4)]) expect(heard).not.toContain(secret);
	});

	it('close it when the last one has unsubscribed, but not while it is only being saved', async () => {
		const first = await gateway.subscribe({}, { triggerId: 'saved' });
		await first.unsubscribe();
		const reply = gateway.push();
		await gateway.clock.advance(SECOND);
		expect(reply()).toBeUndefined();
		const second = await gateway.subscribe({}, { triggerId: 'saved' });
		await gateway.clock.advance(MINUTE);
		expect([second.received.length, reply(), gateway.sockets.length]).toEqual([1, 'SUCCESS', 1]);
		await second.unsubscribe();
		await gateway.clock.advance(10 * SECOND);
		expect(gateway.open()).toHaveLength(0);
		const count = gateway.tickets.length;
		await gateway.clock.advance(60 * MINUTE);
		expect(gateway.tickets).toHaveLength(count);
	});

	it('leave nothing in memory of an app that none of them uses any more', async () => {
		const first = await gateway.subscribe();
		const other = await gateway.subscribe({ clientId: 'other' });
		await expect(gateway.subscribe({ clientId: 'third', clientSecret: 'wrong' })).rejects.toThrow();
		await other.unsubscribe();
		await gateway.clock.advance(30 * SECOND);
		expect(gateway.shared.size).toBe(1);
		const again = await gateway.subscribe({ clientId: 'other' });
		await first.unsubscribe();
		await gateway.clock.advance(30 * SECOND);
		expect(gateway.shared.size).toBe(1);
		const reply = gateway.push({}, 'other');
		await gateway.clock.settle();
		expect([again.received.length, reply()]).toEqual([1, 'SUCCESS']);
	});

	it('accept no change while one of them is closing, however long n8n takes to store what it holds', async () => {
		await gateway.subscribe();
		const saved = await gateway.subscribe(
			{},
			{ triggerId: 'saved', onChange: async () => await new Promise(() => undefined) },
		);
		gateway.push();
		await gateway.clock.settle();
		const closing = saved.unsubscribe();
		await gateway.clock.advance(2 * SECOND);
		const reply = gateway.push();
		await gateway.clock.settle();
		expect(reply()).toBeUndefined();
		await gateway.clock.advance(SECOND);
		await closing;
		const again = await gateway.subscribe({}, { triggerId: 'saved' });
		await gateway.clock.settle();
		expect([again.received.length, reply()]).toEqual([1, 'SUCCESS']);
	});

	it('accept no change while one of them prepares, and one that cannot hears nothing', async () => {
		await gateway.subscribe();
		let prepared = (failure?: Error): void => void failure;
		const prepare = async (): Promise<void> =>
			await new Promise((resolve, reject) => {
				prepared = (failure) => (failure ? reject(failure) : resolve());
			});
		const joining = gateway.subscribe({}, { prepare });
		await gateway.clock.settle();
		const reply = gateway.push();
		await gateway.clock.settle();
		expect(reply()).toBeUndefined();
		prepared();
		await gateway.clock.settle();
		expect([(await joining).received.length, reply()]).toEqual([1, 'SUCCESS']);

		const heard: unknown[] = [];
		const failing = gateway.subscribe({}, { prepare, onChange: async (change) => void heard.push(change) });
		await gateway.clock.settle();
		const waiting = gateway.push();
		prepared(refusal('input'));
		await expect(failing).rejects.toThrow('Refused: input');
		await gateway.clock.settle();
		expect([heard.length, waiting()]).toEqual([0, 'SUCCESS']);
	});

	it('accept no change while one of them is being saved for some seconds', async () => {
		await gateway.subscribe();
		const saved = await gateway.subscribe({}, { triggerId: 'saved' });
		await saved.unsubscribe();
		const early = gateway.push();
		await gateway.clock.advance(6 * SECOND);
		const late = gateway.push();
		await gateway.clock.advance(SECOND);
		expect([early(), late()]).toEqual(['LATER', undefined]);
		const again = await gateway.subscribe({}, { triggerId: 'saved' });
		await gateway.clock.settle();
		expect([again.received.length, late()]).toEqual([1, 'SUCCESS']);
	});

	describe('and one that knows only the Client ID', () => {
		it('is refused and hears nothing, not even while its secret is being checked', async () => {
			await gateway.subscribe();
			let answer = (): void => undefined;
			const checked = new Promise<void>((resolve) => (answer = resolve));
			const heard: unknown[] = [];
			const joining = gateway.subscribe(
				{ clientSecret: 'guessed' },
				{
					requestTicket: async (account) => {
						await checked;
						return gateway.issueTicket(account);
					},
					onChange: async (change) => void heard.push(change),
				},
			);
			await gateway.clock.settle();
			gateway.push();
			await gateway.clock.settle();
			answer();
			await expect(joining).rejects.toThrow('Wrong secret');
			gateway.push();
			await gateway.clock.advance(MINUTE);
			expect(heard).toEqual([]);
		});

		it('is refused although its credential is read as another one later', async () => {
			await gateway.subscribe();
			let reads = 0;
			const right = (await gateway.subscribe()).credential;
			await expect(
				gateway.subscribe(
					{ clientSecret: 'guessed' },
					{
						readAccount: async () => {
							const { readAccount } = await import('../../../lib/dingtalk/account');
							return readAccount({ ...right, clientSecret: reads++ === 0 ? 'guessed' : 'right' });
						},
					},
				),
			).rejects.toThrow('Wrong secret');
		});

		it('does not delay the others', async () => {
			const healthy = await gateway.subscribe();
			for (let i = 0; i < 5; i++) {
				await expect(gateway.subscribe({ clientSecret: 'guessed' }, { isStartingUp: true })).rejects.toThrow();
				const reply = gateway.push();
				await gateway.clock.settle();
				expect([healthy.received.length, reply()]).toEqual([i + 1, 'SUCCESS']);
			}
		});

		it('does not delay the others while the check of its secret hangs', async () => {
			const healthy = await gateway.subscribe();
			void gateway.subscribe(
				{ clientSecret: 'guessed' },
				{ requestTicket: async () => await new Promise(() => undefined) },
			);
			await gateway.clock.settle();
			const reply = gateway.push();
			await gateway.clock.settle();
			expect(healthy.received).toHaveLength(1);
			const joining = gateway.subscribe();
			await gateway.clock.settle();
			await joining;
			await gateway.clock.advance(3 * SECOND);
			expect(reply()).toBe('LATER');
			await gateway.clock.advance(20 * SECOND);
			const later = gateway.push();
			await gateway.clock.settle();
			expect(later()).toBe('SUCCESS');
		});

		it('cannot reroute the others: its gateway is another connection', async () => {
			const victim = await gateway.subscribe();
			const attacker = { region: 'custom', baseUrl: 'https://attacker.example', clientSecret: 'x' };
			gateway.secrets.set('app', 'x');
			await gateway.subscribe(attacker);
			gateway.secrets.set('app', 'right');
			expect(gateway.open()).toHaveLength(2);
			gateway.push();
			await gateway.clock.settle();
			expect(victim.received).toEqual([]);
			for (const socket of gateway.open()) socket.end();
			await gateway.clock.advance(5 * SECOND);
			const hosts = gateway.tickets.filter(({ clientSecret }) => clientSecret === 'right').map(({ host }) => host);
			expect(new Set(hosts)).toEqual(new Set(['https://api.dingtalk.com']));
		});

		it('does not lend its secret to a reconnect after its credential was changed', async () => {
			const changed = await gateway.subscribe();
			const healthy = await gateway.subscribe();
			changed.credential.clientSecret = 'guessed';
			gateway.open()[0].end();
			await gateway.clock.advance(5 * SECOND);
			expect(gateway.open()).toHaveLength(1);
			gateway.push();
			await gateway.clock.advance(MINUTE);
			expect([changed.received.length, healthy.received.length]).toEqual([0, 1]);
			expect(changed.failures.map(({ message }) => message)).toEqual(['Wrong secret']);
			expect(healthy.failures).toEqual([]);
			expect(secretsUsed().filter((secret) => secret === 'guessed')).toHaveLength(1);
		});

		it('hears no more within a minute after its credential was changed on a standing connection', async () => {
			const changed = await gateway.subscribe();
			const healthy = await gateway.subscribe();
			changed.credential.clientSecret = 'guessed';
			await gateway.pass(MINUTE);
			const reply = gateway.push();
			await gateway.clock.settle();
			expect([changed.received.length, healthy.received.length, reply()]).toEqual([0, 1, 'SUCCESS']);
			expect(changed.failures).toHaveLength(1);
			changed.credential.clientSecret = 'right';
			await gateway.pass(MINUTE);
			gateway.push();
			await gateway.clock.settle();
			expect(changed.received).toHaveLength(1);
			expect(changed.logs).toContain('Changes arrive from DingTalk again');
		});
	});

	it('move to the new connection when the Client ID of their credential is edited', async () => {
		const credential = { region: 'china', clientId: 'app', clientSecret: 'right' };
		const first = await gateway.subscribe();
		const second = await gateway.subscribe();
		first.credential = second.credential = credential;
		credential.clientId = 'other';
		await second.unsubscribe();
		const saved = await gateway.subscribe(credential);
		await gateway.pass(2 * MINUTE);
		expect([gateway.open('app').length, gateway.open('other').length]).toEqual([0, 1]);
		gateway.push({}, 'other');
		await gateway.clock.settle();
		expect([first.received.length, saved.received.length]).toEqual([1, 1]);
		await first.unsubscribe();
		await saved.unsubscribe();
		await gateway.clock.advance(10 * SECOND);
		expect(gateway.open('other')).toHaveLength(0);
	});

	it('stay on one connection while the secret is rotated, each proved by its own credential', async () => {
		const old = await gateway.subscribe();
		gateway.secrets.set('app', 'rotated');
		const renewed = await gateway.subscribe({ clientSecret: 'rotated' });
		expect(gateway.open()).toHaveLength(1);
		await gateway.pass(2 * MINUTE);
		gateway.open()[0].end();
		await gateway.pass(60 * MINUTE);
		expect(gateway.open()).toHaveLength(1);
		gateway.push();
		await gateway.clock.settle();
		expect([old.received.length, renewed.received.length]).toEqual([0, 1]);
		expect(old.failures).toHaveLength(1);
		expect(renewed.failures).toEqual([]);
		old.credential.clientSecret = 'rotated';
		await gateway.pass(MINUTE);
		gateway.push();
		await gateway.clock.settle();
		expect([old.received.length, renewed.received.length]).toEqual([1, 2]);
		expect(gateway.open()).toHaveLength(1);
	});

	it('miss nothing while DingTalk issues no tickets after their secret was corrected, in whichever order they are proved', async () => {
		const corrected = await gateway.subscribe();
		gateway.secrets.set('app', 'new');
		corrected.credential.clientSecret = 'new';
		gateway.failure = refusal('server');
		await gateway.clock.advance(76 * SECOND);
		gateway.failure = undefined;
		const reply = gateway.push();
		await gateway.subscribe({ clientSecret: 'new' });
		await gateway.clock.advance(SECOND);
		expect([corrected.received.length, reply()]).toEqual([1, 'SUCCESS']);
	});

	it('miss nothing while DingTalk issues no tickets for one of them after its credential was changed', async () => {
		const healthy = await gateway.subscribe();
		const changed = await gateway.subscribe(
			{ appType: 'internal' },
			{
				requestTicket: async (account) => {
					if (changed?.credential.corpId === 'corp') throw refusal('server');
					return gateway.issueTicket(account);
				},
			},
		);
		changed.credential.appType = 'thirdParty';
		changed.credential.corpId = 'corp';
		await gateway.clock.advance(MINUTE + 30 * SECOND);
		const reply = gateway.push({ corpId: 'corp' });
		await gateway.clock.advance(3 * SECOND);
		expect([healthy.received.length, changed.received.length, reply()]).toEqual([1, 0, 'LATER']);
		await gateway.pass(10 * MINUTE);
		const later = gateway.push({ corpId: 'corp' });
		await gateway.clock.settle();
		expect([later(), changed.failures.length]).toEqual(['SUCCESS', 1]);
	});

	it('wait for one whose refused secret was corrected just before it is saved, but for no other that was refused', async () => {
		await gateway.subscribe();
		const refused = await gateway.subscribe({}, { triggerId: 'saved' });
		refused.credential.clientSecret = 'guessed';
		await gateway.pass(MINUTE);
		expect(refused.failures).toHaveLength(1);

		await refused.unsubscribe();
		const unawaited = gateway.push();
		await gateway.clock.settle();
		expect(unawaited()).toBe('SUCCESS');

		const corrected = await gateway.subscribe({}, { triggerId: 'saved' });
		corrected.credential.clientSecret = 'guessed';
		await gateway.pass(MINUTE);
		corrected.credential.clientSecret = 'right';
		await corrected.unsubscribe();
		const awaited = gateway.push();
		await gateway.clock.advance(SECOND);
		expect(awaited()).toBeUndefined();
		const again = await gateway.subscribe({}, { triggerId: 'saved' });
		await gateway.clock.settle();
		expect([again.received.length, awaited()]).toEqual([1, 'SUCCESS']);
	});

	it('of several organizations each hear only their own', async () => {
		const thirdParty = (corpId: string) => gateway.subscribe({ appType: 'thirdParty', corpId });
		const [a, b] = [await thirdParty('corp-a'), await thirdParty('corp-b')];
		const internal = await gateway.subscribe();
		expect(gateway.open()).toHaveLength(1);
		const replies = [gateway.push({ corpId: 'corp-a' }), gateway.push({ corpId: 'corp-c' }), gateway.push({})];
		await gateway.clock.settle();
		expect([a.received.length, b.received.length, internal.received.length]).toEqual([1, 0, 3]);
		expect(replies.map((reply) => reply())).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
	});

	it('miss nothing that DingTalk has kept for them when they are activated one by one', async () => {
		await (await gateway.subscribe()).unsubscribe();
		await gateway.clock.advance(10 * SECOND);
		let reply = (): string | undefined => undefined;
		gateway.onSocket = (socket) => {
			socket.open();
			reply = gateway.push();
		};
		await gateway.subscribe({}, { isStartingUp: true });
		await gateway.clock.advance(3 * SECOND);
		expect(reply()).toBe('LATER');
	});

	it('hear nothing twice or too late when n8n starts: no change is accepted before all of them are there', async () => {
		const first = await gateway.subscribe({}, { isStartingUp: true });
		const reply = gateway.push({ key: 'a' });
		await gateway.clock.advance(3 * SECOND);
		expect([first.received.length, reply()]).toEqual([1, 'LATER']);
		const second = await gateway.subscribe({}, { isStartingUp: true });
		await gateway.clock.advance(11 * SECOND);
		const again = gateway.push({ key: 'a' });
		await gateway.clock.settle();
		expect([second.received.length, again()]).toEqual([1, 'SUCCESS']);
	});

	it('are activated without a connection when n8n starts, and connect as soon as DingTalk can be reached', async () => {
		gateway.failure = refusal('network', 'Unreachable');
		const listening = await gateway.subscribe({}, { isStartingUp: true });
		await gateway.pass(MINUTE);
		expect([gateway.open().length, listening.failures.length]).toEqual([0, 0]);
		gateway.failure = undefined;
		await gateway.pass(2 * MINUTE);
		expect(gateway.open()).toHaveLength(1);
		await expect(new FakeGateway().subscribe({ clientSecret: '' })).rejects.toThrow("no 'Client Secret'");
	});
});
