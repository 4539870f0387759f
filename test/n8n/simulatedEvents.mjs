/** Creates and changes events in the simulator, as another program would. */

async function request(method, url, body, headers = {}) {
	const response = await fetch(url, {
		method,
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
	return await response.json();
}

async function write(method, simulatorUrl, unionId, eventId, fields, appSecret = 'sim-secret') {
	const app = { appKey: 'sim-internal', appSecret };
	const { accessToken } = await request('POST', `${simulatorUrl}/v1.0/oauth2/accessToken`, app);
	const url = `${simulatorUrl}/v1.0/calendar/users/${unionId}/calendars/primary/events${eventId}`;
	return await request(method, url, fields, { 'x-acs-dingtalk-access-token': accessToken });
}

/** In the person's calendar, tomorrow; returns its ID. */
export async function createSimulatedEvent(simulatorUrl, unionId, summary, appSecret) {
	const at = (hours) => ({
		dateTime: new Date(Date.now() + hours * 3_600_000).toISOString(),
		timeZone: 'Asia/Shanghai',
	});
	const fields = { summary, start: at(24), end: at(25) };
	return (await write('POST', simulatorUrl, unionId, '', fields, appSecret)).id;
}

export const renameSimulatedEvent = async (simulatorUrl, unionId, id, summary) =>
	await write('PUT', simulatorUrl, unionId, `/${id}`, { id, summary });
