/** Tests on n8n's engine that the push triggers go on for the others when one of the watched people has left. */
import { Container } from '@n8n/di';
import { Logger } from '@n8n/backend-common';
import type { IDataObject } from 'n8n-workflow';
import { maskNumber } from '../../lib/dingtalk/people/parseIdentifier';
import type { Person } from '../simulator/company';
import { Database } from './harness';
import { useDesk } from './support/setup';
import { changeOf, executions, itemsOf, streamWorkflow, until } from './support/triggers';
import {
	CLIENT_ID,
	openRegisteredServer,
	openServer,
	outcomesOf,
	saveUrl,
	triggeredWorkflow,
	triggerOutput,
} from './support/webhook';

const desk = useDesk();

let warnings: jest.SpyInstance;
beforeEach(() => {
	warnings = jest.spyOn(Container.get(Logger), 'warn');
});
afterEach(() => warnings.mockRestore());

const leave = (person: Person): void => {
	const { people } = desk().simulator.world.company;
	people.splice(people.indexOf(person), 1);
};

const watch = (...people: Person[]): IDataObject => ({
	people: people.map(({ mobile }) => mobile).join(', '),
	fetchDetails: false,
});

const countWarnings = ({ mobile }: Person): number =>
	warnings.mock.calls.filter(([text]) => String(text).includes(`${maskNumber(mobile)} could not be found`)).length;

const UNREADABLE = (person: Person): IDataObject => ({
	unreadable: [{ person: person.mobile, problem: expect.stringContaining('mobile number') as unknown }],
});

describe('A watched person who has left', () => {
	it('does not keep the Stream trigger from reporting the changes of the others after n8n has started', async () => {
		const [anna, bo] = desk().people;
		const workflow = streamWorkflow(watch(anna, bo) as never);
		leave(bo);
		const server = desk().engine.server({});
		await server.activate(workflow, { credentials: [desk().credential], mode: 'init' });
		for (let changes = 1; changes <= 3; changes++) {
			await desk().control('push', { clientId: CLIENT_ID, via: 'stream', unionIds: [anna.unionId] });
			const items = itemsOf(await executions(server, changes));
			expect(changeOf(items[changes - 1])).toMatchObject({ people: [anna.unionId], ...UNREADABLE(bo) });
		}
		await server.stop();
		await server.activate(workflow, { credentials: [desk().credential], mode: 'init' });
		await server.stop();
		expect(countWarnings(bo)).toBe(1);
	});

	it('does not keep the webhook trigger from reporting the changes of the others', async () => {
		const [anna, bo] = desk().people;
		const workflow = triggeredWorkflow({ triggerOn: ['updated'], ...watch(anna, bo) } as never);
		const database = new Database();
		let server = await openRegisteredServer(desk(), workflow, { database });
		const push = async (): Promise<void> => {
			const before = outcomesOf(desk()).filter((outcome) => outcome === 'accepted').length;
			await desk().control('push', {
				clientId: CLIENT_ID,
				via: 'http',
				changeType: 'updated',
				unionIds: [anna.unionId],
			});
			await until(() => outcomesOf(desk()).filter((outcome) => outcome === 'accepted').length > before);
			await server.idle();
		};
		await push();
		leave(bo);
		await server.close();
		await desk().engine.restart();
		server = await openServer(desk(), workflow, { database });
		expect(await saveUrl(desk(), server.url)).toBe('accepted');
		for (let changes = 0; changes < 3; changes++) await push();
		const reported = server.runs.flatMap(triggerOutput).map(changeOf);
		expect(reported).toHaveLength(3);
		for (const change of reported) expect(change).toMatchObject({ people: [anna.unionId], ...UNREADABLE(bo) });
		expect(countWarnings(bo)).toBe(1);
		await server.close();
	});
});
