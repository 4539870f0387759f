/** Goes through the life of an event in a real DingTalk account. */
import { Engine } from '../engine/harness';
import { calendarContract, type Party } from './contract';

const {
	DINGTALK_CLIENT_ID: clientId,
	DINGTALK_CLIENT_SECRET: clientSecret,
	DINGTALK_REGION: region = 'international',
	DINGTALK_BASE_URL: baseUrl = '',
	DINGTALK_TEST_USER: organizer,
	DINGTALK_TEST_ATTENDEE: attendee,
} = process.env;

const ready = clientId !== undefined && clientSecret !== undefined && organizer !== undefined;

if (!ready) {
	process.stdout.write(
		'The live suite is left out. It needs DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET and DINGTALK_TEST_USER (whose calendar it writes to); ' +
			'DINGTALK_REGION is international unless set to china or custom (then with DINGTALK_BASE_URL), ' +
			'and DINGTALK_TEST_ATTENDEE names a person to invite.\n',
	);
}

(ready ? describe : describe.skip)('The real DingTalk', () => {
	let party: Party;

	beforeAll(async () => {
		const engine = await Engine.start();
		const credential = engine.addCredential({
			type: 'dingTalkCalendarApi',
			data: { region, baseUrl, clientId: clientId as string, clientSecret: clientSecret as string },
		});
		party = { engine, credential, organizer: organizer as string, attendee };
	});
	afterAll(async () => await party.engine.stop());

	calendarContract(() => party);
});
