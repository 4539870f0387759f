/** Drives the call that makes a CalDAV account with DingTalk's official client against the simulator. */
import { Member } from './member';
import { invalidParameter, refusalOf } from './refusal';
import { useStage } from './stage';

const stage = useStage();

test('generateCaldavAccount returns one account per device and user, and the same one on a second call', async () => {
	const [one, other] = [Member.of(await stage.user(0)), Member.of(await stage.user(1))];
	const phone = await one.caldavAccount('phone');
	expect(phone).toEqual({
		username: expect.stringMatching(/^u_/) as unknown,
		password: expect.any(String) as unknown,
		serverAddress: 'calendar.dingtalk.com',
	});
	expect(await one.caldavAccount('phone')).toEqual(phone);
	expect(await one.caldavAccount('laptop')).toMatchObject({ username: phone.username });
	expect((await other.caldavAccount('phone')).username).not.toBe(phone.username);
});

test('generateCaldavAccount requires a device', async () => {
	expect(await refusalOf(Member.of(await stage.user(0)).caldavAccount())).toEqual(invalidParameter());
});

test('The call log contains no CalDAV password', async () => {
	const { password } = await Member.of(await stage.user(0)).caldavAccount('phone');
	expect(JSON.stringify(await stage.calls())).not.toContain(password);
});
