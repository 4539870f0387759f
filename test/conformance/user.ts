/** One person's calendar, reached by the official client with one token. */
import * as api from '@alicloud/dingtalk/dist/calendar_1_0/client';

import { runtime, type WitnessedCalendar } from './sdk';
import { bodyType, strangeParts } from './shape';

interface Answer<Body> {
	headers?: Record<string, string>;
	statusCode?: number;
	body?: Body;
}

export type Fields = Record<string, unknown>;

/** One person's calendar, reached by the official client with one token. Ids go into paths as they are given. */
export class CalendarUser {
	constructor(
		readonly client: WitnessedCalendar,
		readonly unionId: string,
		readonly token: string,
		readonly calendarId = 'primary',
	) {}

	/** The same person with another calendar in the path. */
	on(calendarId: string): CalendarUser {
		return new CalendarUser(this.client, this.unionId, this.token, calendarId);
	}

	create(event: Fields, clientToken?: string): Promise<api.CreateEventResponseBody> {
		const request = new api.CreateEventRequest(event);
		const headers = new api.CreateEventHeaders(this.headers(clientToken));
		return this.body(this.client.createEventWithOptions(...this.calendar, request, headers, runtime));
	}

	/** The id of a new event. */
	async createId(event: Fields): Promise<string> {
		const { id } = await this.create(event);
		if (id === undefined) throw new Error('An event without id.');
		return id;
	}

	patch(id: string, changes: Fields, clientToken?: string): Promise<api.PatchEventResponseBody> {
		const request = new api.PatchEventRequest({ id, ...changes });
		const headers = new api.PatchEventHeaders(this.headers(clientToken));
		return this.body(this.client.patchEventWithOptions(...this.event(id), request, headers, runtime));
	}

	delete(id: string, query: Fields = {}, clientToken?: string): Promise<string> {
		const request = new api.DeleteEventRequest(query);
		const headers = new api.DeleteEventHeaders(this.headers(clientToken));
		return this.text(this.client.deleteEventWithOptions(...this.event(id), request, headers, runtime));
	}

	get(id: string, query: Fields = {}): Promise<api.GetEventResponseBody> {
		const request = new api.GetEventRequest(query);
		const headers = new api.GetEventHeaders(this.headers());
		return this.body(this.client.getEventWithOptions(...this.event(id), request, headers, runtime));
	}

	list(query: Fields = {}): Promise<api.ListEventsResponseBody> {
		const request = new api.ListEventsRequest(query);
		const headers = new api.ListEventsHeaders(this.headers());
		return this.body(this.client.listEventsWithOptions(...this.calendar, request, headers, runtime));
	}

	view(query: Fields = {}): Promise<api.ListEventsViewResponseBody> {
		const request = new api.ListEventsViewRequest(query);
		const headers = new api.ListEventsViewHeaders(this.headers());
		return this.body(this.client.listEventsViewWithOptions(...this.calendar, request, headers, runtime));
	}

	addAttendees(id: string, attendeesToAdd?: Fields[], clientToken?: string): Promise<string> {
		const request = new api.AddAttendeeRequest({ attendeesToAdd, chatNotification: false, pushNotification: false });
		const headers = new api.AddAttendeeHeaders(this.headers(clientToken));
		return this.text(this.client.addAttendeeWithOptions(...this.event(id), request, headers, runtime));
	}

	removeAttendees(id: string, attendeesToRemove?: Fields[], clientToken?: string): Promise<string> {
		const request = new api.RemoveAttendeeRequest({ attendeesToRemove });
		const headers = new api.RemoveAttendeeHeaders(this.headers(clientToken));
		return this.text(this.client.removeAttendeeWithOptions(...this.event(id), request, headers, runtime));
	}

	attendees(id: string, query: Fields = {}): Promise<api.ListAttendeesResponseBody> {
		const request = new api.ListAttendeesRequest(query);
		const headers = new api.ListAttendeesHeaders(this.headers());
		return this.body(this.client.listAttendeesWithOptions(...this.event(id), request, headers, runtime));
	}

	respond(id: string, responseStatus?: string, clientToken?: string): Promise<string> {
		const request = new api.RespondEventRequest({ responseStatus });
		const headers = new api.RespondEventHeaders(this.headers(clientToken));
		return this.text(this.client.respondEventWithOptions(...this.event(id), request, headers, runtime));
	}

	instances(id: string, query: Fields = {}): Promise<api.ListInstancesResponseBody> {
		const request = new api.ListInstancesRequest(query);
		const headers = new api.ListInstancesHeaders(this.headers());
		return this.body(this.client.listInstancesWithOptions(...this.event(id), request, headers, runtime));
	}

	generatedInstances(query: Fields): Promise<api.ListEventsInstancesResponseBody> {
		const request = new api.ListEventsInstancesRequest(query);
		const headers = new api.ListEventsInstancesHeaders(this.headers());
		return this.body(this.client.listEventsInstancesWithOptions(...this.calendar, request, headers, runtime));
	}

	cancel(id: string, clientToken?: string): Promise<api.CancelEventResponseBody> {
		const request = new api.CancelEventRequest({});
		const headers = new api.CancelEventHeaders(this.headers(clientToken));
		return this.body(this.client.cancelEventWithOptions(...this.event(id), request, headers, runtime));
	}

	transfer(id: string, to: Fields, clientToken?: string): Promise<api.TransferEventResponseBody> {
		const request = new api.TransferEventRequest(to);
		const headers = new api.TransferEventHeaders(this.headers(clientToken));
		const { calendarId, unionId } = this;
		return this.body(this.client.transferEventWithOptions(calendarId, unionId, id, request, headers, runtime));
	}

	convertLegacyIds(legacyEventIds?: string[]): Promise<api.ConvertLegacyEventIdResponseBody> {
		const request = new api.ConvertLegacyEventIdRequest({ legacyEventIds });
		const headers = new api.ConvertLegacyEventIdHeaders(this.headers());
		return this.body(this.client.convertLegacyEventIdWithOptions(this.unionId, request, headers, runtime));
	}

	categories(): Promise<api.ListCategoriesResponseBody> {
		const headers = new api.ListCategoriesHeaders(this.headers('a header that means nothing to a read'));
		return this.body(this.client.listCategoriesWithOptions(this.unionId, headers, runtime));
	}

	createByMe(event: Fields, clientToken?: string): Promise<api.CreateEventByMeResponseBody> {
		const request = new api.CreateEventByMeRequest(event);
		const headers = new api.CreateEventByMeHeaders(this.headers(clientToken));
		return this.body(this.client.createEventByMeWithOptions(this.calendarId, request, headers, runtime));
	}

	viewByMe(query: Fields = {}): Promise<api.ListEventsViewByMeResponseBody> {
		const request = new api.ListEventsViewByMeRequest(query);
		const headers = new api.ListEventsViewByMeHeaders(this.headers());
		return this.body(this.client.listEventsViewByMeWithOptions(this.calendarId, request, headers, runtime));
	}

	protected get calendar(): [string, string] {
		return [this.unionId, this.calendarId];
	}

	protected event(id: string): [string, string, string] {
		return [this.unionId, this.calendarId, id];
	}

	protected headers(xClientToken?: string): Fields {
		return { xAcsDingtalkAccessToken: this.token, xClientToken };
	}

	/** The body of an answer, every part of which the client must know by that name and type. */
	protected async body<Body>(call: Promise<Answer<Body>>): Promise<Body> {
		const answer = await call;
		expect(answer.statusCode).toBe(200);
		expect(strangeParts(bodyType(answer), this.client.wireBody(answer))).toEqual([]);
		if (answer.body === undefined) throw new Error('An answer without body.');
		return answer.body;
	}

	/** What came where the client expects no body. */
	protected async text(call: Promise<Answer<never>>): Promise<string> {
		const answer = await call;
		expect(answer.statusCode).toBe(200);
		return String(this.client.wireBody(answer));
	}
}
