/** Reads the body of a request for a route. */
import { OldApiError, ApiError, type Route } from '../contract';
import type { IncomingBody } from '../incomingRequest';

/** Returns the body that the route receives; undefined without a body. */
export function bodyForRoute(body: IncomingBody, route: Route): unknown {
	switch (body.kind) {
		case 'none':
			return undefined;
		case 'json':
			return body.value;
		case 'form':
			// The new API reads only JSON; a form counts as no body.
			if (route.style === 'new') throw missingBody();
			return body.value;
		case 'unreadable':
			throw route.style === 'new'
				? new ApiError(400, 'parameter.error', 'request body is not valid JSON.')
				: new OldApiError(40035, '不合法的参数');
		case 'tooLarge':
			throw new ApiError(413, 'request.body.tooLarge', 'request body is too large.');
	}
}

export const missingBody = (): ApiError => new ApiError(400, 'Missingbody', 'body is mandatory for this action.');
