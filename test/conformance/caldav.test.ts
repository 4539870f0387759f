import { Member } from './member';
import { invalidParameter, refusalOf } from './refusal';
import { useStage } from './stage';

const stage = useStage();

test('generateCaldavAccount gives each device of each person an account, and the same one again', async () => {
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

test('generateCaldavAccount needs a device', async () => {
	expect(await refusalOf(Member.of(await stage.user(0)).caldavAccount())).toEqual(invalidParameter());
});

test('the log keeps no password', async () => {
	const { password } = await Member.of(await stage.user(0)).caldavAccount('phone');
	expect(JSON.stringify(await stage.calls())).not.toContain(password);
});
