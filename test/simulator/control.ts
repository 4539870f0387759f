/** The control plane: `/_simulator` calls that inspect and control the simulator; DingTalk has none of them. */
import { jsonResponse, type SimulatorResponse } from './response';
import { callRoutes } from './control/controlCalls';
import { callbackRoutes } from './control/controlCallbacks';
import { clockRoutes } from './control/controlClock';
import { connectionRoutes } from './control/controlConnections';
import { pushRoutes } from './control/controlPushes';
import { ControlError, type ControlRoute, type ControlContext } from './control/controlRequest';
import { roomRoutes } from './control/controlRooms';
import { settingRoutes } from './control/controlSettings';
import { stateRoutes } from './control/controlState';
import type { IncomingRequest } from './incomingRequest';

const PREFIX = '/_simulator';

const controlRoutes: ControlRoute[] = [
	...stateRoutes,
	...callRoutes,
	...clockRoutes,
	...settingRoutes,
	...roomRoutes,
	...pushRoutes,
	...callbackRoutes,
	...connectionRoutes,
];

export const isControlCall = ({ path }: IncomingRequest): boolean => path === PREFIX || path.startsWith(`${PREFIX}/`);

export async function handleControlCall(
	request: IncomingRequest,
	simulator: ControlContext,
): Promise<SimulatorResponse> {
	try {
		return jsonResponse(200, await findAndHandle(request, simulator));
	} catch (error) {
		if (error instanceof ControlError) return jsonResponse(error.status, { error: error.message });
		throw error;
	}
}

function findAndHandle(request: IncomingRequest, simulator: ControlContext): unknown {
	const { method, path, body } = request;
	if (path === PREFIX)
		return { control: controlRoutes.map((route) => `${route.method} ${route.path}: ${route.description}`) };
	const onPath = controlRoutes.filter((route) => route.path === path);
	if (onPath.length === 0) throw new ControlError(`There is no ${path}; GET ${PREFIX} lists all calls.`, 404);
	const route = onPath.find((candidate) => candidate.method === method);
	if (route === undefined)
		throw new ControlError(`${path} accepts only ${onPath.map((other) => other.method).join(', ')}.`, 405);
	if (body.kind === 'unreadable' || body.kind === 'tooLarge') throw new ControlError('The body is not valid JSON.');
	return route.handle('value' in body ? body.value : undefined, simulator, request);
}
