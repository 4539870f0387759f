/** Finds the route of a path. */
import type { Route } from '../contract';

export interface Match {
	route: Route;
	/** Decoded path parameters by name. */
	params: Record<string, string>;
}

export type Lookup = { found: Match } | { allowed: string[] };

/** Literal segments take precedence over parameters, such as `me` over `{userId}`. */
export class Router {
	private readonly routes: Array<{ route: Route; segments: string[] }>;
	readonly templates: ReadonlySet<string>;

	constructor(routes: readonly Route[]) {
		this.routes = routes.map((route) => ({ route, segments: route.path.split('/') }));
		this.templates = new Set(routes.map((route) => withoutParameterNames(route.path)));
	}

	/** Whether a route with any method has this path. */
	knows(path: string): boolean {
		const lookup = this.lookup('', path);
		return 'allowed' in lookup && lookup.allowed.length > 0;
	}

	/** `allowed` contains the methods of the path; it is empty for an unknown path. */
	lookup(method: string, path: string): Lookup {
		// Each segment is decoded separately, because an ID can contain an encoded slash.
		const actual = path.split('/').map(decoded);
		const onThisPath = this.routes
			.filter(({ segments }) => fits(segments, actual))
			.sort((a, b) => parameterCount(a.segments) - parameterCount(b.segments));
		const best = onThisPath.find(({ route }) => route.method === method);
		if (best === undefined) return { allowed: [...new Set(onThisPath.map(({ route }) => route.method))] };
		return { found: { route: best.route, params: paramsOf(best.segments, actual) } };
	}
}

/** Templates are compared without parameter names: `{userId}` and `{unionId}` are equal. */
export const withoutParameterNames = (template: string): string => template.replace(/\{[^}]*\}/g, '{}');

const isParameter = (segment: string): boolean => segment.startsWith('{') && segment.endsWith('}');

const parameterCount = (segments: string[]): number => segments.filter(isParameter).length;

function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

const fits = (segments: string[], actual: string[]): boolean =>
	segments.length === actual.length &&
	segments.every((segment, i) => (isParameter(segment) ? actual[i] !== '' : segment === actual[i]));

function paramsOf(segments: string[], actual: string[]): Record<string, string> {
	const params: Record<string, string> = {};
	segments.forEach((segment, i) => {
		if (isParameter(segment)) params[segment.slice(1, -1)] = actual[i];
	});
	return params;
}
