/** Tests on n8n's engine that the push triggers report what happens to bookings of meeting rooms, over Stream and HTTP. */
import type { IDataObject } from 'n8n-workflow';

import type { Server } from './harness';
import { useDesk } from './support/setup';
import {
	activate,
	allAccepted,
	changeOf,
	executions,
	itemsOf,
	pushes,
	streamWorkflow,
	until,
} from './support/triggers';
import { openRegisteredServer, triggeredWorkflow, triggerOutput } from './support/webhook';

const BOOKING = {
	bookId: 'book-1',
	preStatus: 'INIT',
	userId: 'user-1',
	userName: 'Anna',
	roomId: 'room-1',
	roomName: 'Berlin',
	corpId: 'dingcorp',
	bookTime: '2026-03-02 09:00:00',
	startTime: '2026-03-03 10:00:00',
	endTime: '2026-03-03 11:00:00',
	title: 'Weekly',
	isApproval: false,
	extension: { calendarEventId: 'primary;event-1' },
};

const KINDS = ['roomApproval', 'roomBooked', 'roomCancelled', 'roomRefused'];

const PUSHES: Array<[string, string, IDataObject]> = [
	['appvaral', 'roomApproval', { ...BOOKING, isApproval: true }],
	['bookSuccess', 'roomBooked', BOOKING],
	['bookRefuse', 'roomRefused', { ...BOOKING, preStatus: 'APPROVALING', isApproval: true }],
	[
		'bookCancel',
		'roomCancelled',
		{
			bookId: 'book-1',
			preStatus: 'SUCCESS',
			corpId: 'dingcorp',
			isApproval: false,
			extension: BOOKING.extension,
		},
	],
];

describe('A push trigger', () => {
	const getDesk = useDesk();
	let server: Server | undefined;
	afterEach(async () => {
		await server?.stop();
		server = undefined;
	});

	const push = async (eventSubType: string, fields: IDataObject): Promise<void> =>
		await getDesk().control('push', {
			clientId: 'sim-internal',
			eventType: 'meetingroom_book',
			fields: { eventSubType, ...fields },
		});

	it.each(PUSHES)('reports a booking over Stream: %s', async (subType, kind, fields) => {
		const desk = getDesk();
		server = desk.engine.server();
		await activate(desk, server, streamWorkflow({ triggerOn: KINDS }));
		await push(subType, fields);
		const [item] = itemsOf(await executions(server));
		expect(item).toMatchObject({ id: 'event-1', change: { kind, people: [], details: 'notAsked' } });
		expect(changeOf(item).booking).toEqual(
			kind === 'roomCancelled'
				? { id: 'book-1', needsApproval: false, statusBefore: 'SUCCESS' }
				: {
						id: 'book-1',
						roomId: 'room-1',
						room: 'Berlin',
						title: 'Weekly',
						start: '2026-03-03 10:00:00',
						end: '2026-03-03 11:00:00',
						bookedBy: 'Anna <user-1>',
						needsApproval: fields.isApproval,
						statusBefore: fields.preStatus,
					},
		);
	});

	it.each(PUSHES)('reports a booking over HTTP: %s', async (subType, kind, fields) => {
		const desk = getDesk();
		const receiver = await openRegisteredServer(desk, triggeredWorkflow({ triggerOn: KINDS }));
		await push(subType, fields);
		await until(() => receiver.runs.length === 1);
		expect(triggerOutput(receiver.runs[0])).toMatchObject([
			{ id: 'event-1', change: { kind, booking: { id: 'book-1' } } },
		]);
		await receiver.close();
	});

	it('starts no workflow that did not select them, or for an unknown kind of them', async () => {
		const desk = getDesk();
		server = desk.engine.server();
		await activate(desk, server, streamWorkflow({}, 'events'));
		await activate(desk, server, streamWorkflow({ triggerOn: ['roomBooked'] }, 'booked'));
		for (const [subType, , fields] of PUSHES) await push(subType, fields);
		await push('bookTeleported', BOOKING);
		await until(() => pushes(desk).length === 5 && allAccepted(desk));
		expect(server.database.executions.map(({ workflowId }) => workflowId)).toEqual(['booked']);
	});
});
