/** Control plane calls for Stream connections: list, disconnect, drop, ping, silence. */
import { fieldsOf, textOf } from '../fields';
import type { Connection } from '../push/stream/connection';
import { StreamHub } from '../push/stream/hub';
import type { World } from '../world';
import { ControlError, type ControlRoute } from './controlRequest';

const ACTIONS: Record<string, (connection: Connection) => void> = {
	disconnect: (connection) => connection.disconnect(),
	drop: (connection) => connection.drop(),
	ping: (connection) => connection.ping(),
	silence: (connection) => {
		connection.silent = true;
	},
	speak: (connection) => {
		connection.silent = false;
	},
};

function runAction(body: unknown, world: World): unknown {
	const fields = fieldsOf(body);
	const action = textOf(fields, 'do') ?? '';
	if (!Object.hasOwn(ACTIONS, action))
		throw new ControlError(`"do" must be one of: ${Object.keys(ACTIONS).join(', ')}.`);
	const selected = world
		.use(StreamHub)
		.select({ clientId: textOf(fields, 'clientId'), connectionId: textOf(fields, 'connectionId') });
	for (const connection of selected) ACTIONS[action](connection);
	return { connections: selected.map(({ id }) => id) };
}

export const connectionRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/connections',
		description: 'lists the Stream connections',
		handle: (_body, { world }) => ({ connections: world.use(StreamHub).describe() }),
	},
	{
		method: 'POST',
		path: '/_simulator/connections',
		description: `{do: ${Object.keys(ACTIONS).join(', ')}; clientId, connectionId} runs the action on the selected connections, or on all`,
		handle: (body, { world }) => runAction(body, world),
	},
];
