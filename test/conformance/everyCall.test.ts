/** Checks that every call of DingTalk's official client reaches an endpoint of the simulator. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import Calendar from '@alicloud/dingtalk/dist/calendar_1_0/client';
import { Config, type Params } from '@alicloud/openapi-client';

import { withoutParameterNames } from '../simulator/gateway/router';
import { routes } from '../simulator/routes';

interface SdkCall {
	name: string;
	/** Method and path as the client sends them, with `{}` wherever an id goes. */
	place: string;
}

/** Sends nothing, and remembers what would have been sent. */
class Listening extends Calendar {
	readonly heard: string[] = [];

	override execute({ method, pathname }: Params): Promise<Record<string, unknown>> {
		this.heard.push(`${method} ${pathname}`);
		return Promise.resolve({});
	}
}

const isMethod = (value: unknown): value is (...parts: unknown[]) => Promise<unknown> => typeof value === 'function';

const SUFFIX = 'WithOptions';

/** Every call of the official calendar client, found by asking the client itself. */
async function sdkCalls(): Promise<SdkCall[]> {
	const client = new Listening(new Config({ endpoint: 'nowhere' }));
	const calls: SdkCall[] = [];
	for (const name of Object.getOwnPropertyNames(Calendar.prototype).filter((key) => key.endsWith(SUFFIX))) {
		const method: unknown = Reflect.get(client, name);
		if (!isMethod(method)) continue;
		// Ids come first, then what is sent, then headers and settings: a text will do for the first two.
		const leading = Array.from({ length: method.length - 2 }, () => '{}');
		await method.call(client, ...leading, {}, {});
		calls.push({ name: name.slice(0, -SUFFIX.length), place: client.heard[client.heard.length - 1] });
	}
	return calls;
}

const sourcesHere = (pattern: RegExp): string =>
	readdirSync(__dirname)
		.filter((file) => pattern.test(file))
		.map((file) => readFileSync(join(__dirname, file), 'utf8'))
		.join('\n');

/** The helpers that make each call of the client, by the name of the call. */
function helpersByCall(): Map<string, string> {
	const helpers = new Map<string, string>();
	for (const [, helper, body] of sourcesHere(/^(user|member)\.ts$/).matchAll(
		/^\t(?:async )?(\w+)\(.*\{\n((?:\t\t.*\n|\n)+)\t\}/gm,
	)) {
		const call = /this\.client\.(\w+)WithOptions\(/.exec(body)?.[1];
		if (call !== undefined) helpers.set(call, helper);
	}
	return helpers;
}

const calendarPlaces = routes
	.filter(({ path }) => path.startsWith('/v1.0/calendar/'))
	.map(({ method, path }) => `${method} ${withoutParameterNames(path)}`);

test('The simulator answers exactly the calls that the official calendar client has', async () => {
	const places = (await sdkCalls()).map(({ place }) => place);
	expect(places).toHaveLength(42);
	expect([...calendarPlaces].sort()).toEqual([...places].sort());
});

test('A conformance test makes each call of the official calendar client', async () => {
	const helpers = helpersByCall();
	const tests = sourcesHere(/\.test\.ts$/);
	const isMade = ({ name }: SdkCall): boolean => {
		const helper = helpers.get(name);
		return helper !== undefined && new RegExp(`\\.${helper}\\(`).test(tests);
	};
	const calls = await sdkCalls();
	expect(calls.filter((call) => !isMade(call)).map(({ name }) => name)).toEqual([]);
});
