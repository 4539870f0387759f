/** What one person can do with the official client beyond events: free/busy, calendars and shares. */
import * as api from '@alicloud/dingtalk/dist/calendar_1_0/client';

import { runtime } from './sdk';
import { CalendarUser, type Fields } from './user';

/** What else one person can do with the official client: free/busy, calendars, shares, check-in and rooms. */
export class Member extends CalendarUser {
	/** The same person and token, with all the calls. */
	static of(user: CalendarUser): Member {
		return new Member(user.client, user.unionId, user.token, user.calendarId);
	}

	override on(calendarId: string): Member {
		return Member.of(super.on(calendarId));
	}

	schedule(query: Fields): Promise<api.GetScheduleResponseBody> {
		const request = new api.GetScheduleRequest(query);
		const headers = new api.GetScheduleHeaders(this.headers());
		return this.body(this.client.getScheduleWithOptions(this.unionId, request, headers, runtime));
	}

	scheduleByMe(query: Fields): Promise<api.GetScheduleByMeResponseBody> {
		const request = new api.GetScheduleByMeRequest(query);
		const headers = new api.GetScheduleByMeHeaders(this.headers());
		return this.body(this.client.getScheduleByMeWithOptions(request, headers, runtime));
	}

	async calendars(): Promise<api.ListCalendarsResponseBodyResponseCalendars[]> {
		const headers = new api.ListCalendarsHeaders(this.headers());
		const { response } = await this.body(this.client.listCalendarsWithOptions(this.unionId, headers, runtime));
		return response?.calendars ?? [];
	}

	subscribe(calendarId: string): Promise<string> {
		const headers = new api.SubscribeCalendarHeaders(this.headers());
		return this.text(this.client.subscribeCalendarWithOptions(this.unionId, calendarId, headers, runtime));
	}

	unsubscribe(calendarId: string): Promise<api.UnsubscribeCalendarResponseBody> {
		const headers = new api.UnsubscribeCalendarHeaders(this.headers());
		return this.body(this.client.unsubscribeCalendarWithOptions(this.unionId, calendarId, headers, runtime));
	}

	async createSubscribedCalendar(calendar: Fields): Promise<string> {
		const request = new api.CreateSubscribedCalendarRequest(calendar);
		const headers = new api.CreateSubscribedCalendarHeaders(this.headers());
		const { calendarId } = await this.body(
			this.client.createSubscribedCalendarWithOptions(this.unionId, request, headers, runtime),
		);
		if (calendarId === undefined) throw new Error('A calendar without id.');
		return calendarId;
	}

	getSubscribedCalendar(calendarId: string): Promise<api.GetSubscribedCalendarResponseBody> {
		const headers = new api.GetSubscribedCalendarHeaders(this.headers());
		return this.body(this.client.getSubscribedCalendarWithOptions(this.unionId, calendarId, headers, runtime));
	}

	updateSubscribedCalendar(calendarId: string, changes: Fields): Promise<api.UpdateSubscribedCalendarsResponseBody> {
		const request = new api.UpdateSubscribedCalendarsRequest(changes);
		const headers = new api.UpdateSubscribedCalendarsHeaders(this.headers());
		return this.body(
			this.client.updateSubscribedCalendarsWithOptions(calendarId, this.unionId, request, headers, runtime),
		);
	}

	deleteSubscribedCalendar(calendarId: string): Promise<api.DeleteSubscribedCalendarResponseBody> {
		const headers = new api.DeleteSubscribedCalendarHeaders(this.headers());
		return this.body(this.client.deleteSubscribedCalendarWithOptions(this.unionId, calendarId, headers, runtime));
	}

	share(acl: Fields): Promise<api.CreateAclsResponseBody> {
		const request = new api.CreateAclsRequest(acl);
		const headers = new api.CreateAclsHeaders(this.headers());
		return this.body(this.client.createAclsWithOptions(...this.calendar, request, headers, runtime));
	}

	unshare(aclId: string): Promise<string> {
		const headers = new api.DeleteAclHeaders(this.headers());
		return this.text(this.client.deleteAclWithOptions(...this.calendar, aclId, headers, runtime));
	}

	async shares(): Promise<api.ListAclsResponseBodyAcls[]> {
		const headers = new api.ListAclsHeaders(this.headers());
		return (await this.body(this.client.listAclsWithOptions(...this.calendar, headers, runtime))).acls ?? [];
	}

	signIn(id: string): Promise<api.SignInResponseBody> {
		const headers = new api.SignInHeaders(this.headers());
		return this.body(this.client.signInWithOptions(...this.event(id), headers, runtime));
	}

	signOut(id: string): Promise<api.SignOutResponseBody> {
		const headers = new api.SignOutHeaders(this.headers());
		return this.body(this.client.signOutWithOptions(...this.event(id), headers, runtime));
	}

	checkIn(id: string): Promise<api.CheckInResponseBody> {
		const headers = new api.CheckInHeaders(this.headers());
		return this.body(this.client.checkInWithOptions(...this.event(id), headers, runtime));
	}

	signIns(id: string, query: Fields): Promise<api.GetSignInListResponseBody> {
		const request = new api.GetSignInListRequest(query);
		const headers = new api.GetSignInListHeaders(this.headers());
		return this.body(this.client.getSignInListWithOptions(...this.event(id), request, headers, runtime));
	}

	signOuts(id: string, query: Fields): Promise<api.GetSignOutListResponseBody> {
		const request = new api.GetSignOutListRequest(query);
		const headers = new api.GetSignOutListHeaders(this.headers());
		return this.body(this.client.getSignOutListWithOptions(...this.event(id), request, headers, runtime));
	}

	/** These two calls name the calendar before the person. */
	signInLink(id: string): Promise<api.GetSignInLinkResponseBody> {
		const headers = new api.GetSignInLinkHeaders(this.headers());
		return this.body(this.client.getSignInLinkWithOptions(this.calendarId, this.unionId, id, headers, runtime));
	}

	signOutLink(id: string): Promise<api.GetSignOutLinkResponseBody> {
		const headers = new api.GetSignOutLinkHeaders(this.headers());
		return this.body(this.client.getSignOutLinkWithOptions(this.calendarId, this.unionId, id, headers, runtime));
	}

	roomSchedules(query: Fields): Promise<api.GetMeetingRoomsScheduleResponseBody> {
		const request = new api.GetMeetingRoomsScheduleRequest(query);
		const headers = new api.GetMeetingRoomsScheduleHeaders(this.headers());
		return this.body(this.client.getMeetingRoomsScheduleWithOptions(this.unionId, request, headers, runtime));
	}

	addRooms(id: string, meetingRoomsToAdd?: Fields[], clientToken?: string): Promise<api.AddMeetingRoomsResponseBody> {
		const request = new api.AddMeetingRoomsRequest({ meetingRoomsToAdd });
		const headers = new api.AddMeetingRoomsHeaders(this.headers(clientToken));
		return this.body(this.client.addMeetingRoomsWithOptions(...this.event(id), request, headers, runtime));
	}

	removeRooms(id: string, meetingRoomsToRemove?: Fields[]): Promise<api.RemoveMeetingRoomsResponseBody> {
		const request = new api.RemoveMeetingRoomsRequest({ meetingRoomsToRemove });
		const headers = new api.RemoveMeetingRoomsHeaders(this.headers());
		return this.body(this.client.removeMeetingRoomsWithOptions(...this.event(id), request, headers, runtime));
	}

	/** For a room, which is why the person comes after the calendar here as well. */
	respondForRoom(id: string, roomId: string, responseStatus?: string): Promise<api.MeetingRoomRespondResponseBody> {
		const request = new api.MeetingRoomRespondRequest({ responseStatus });
		const headers = new api.MeetingRoomRespondHeaders(this.headers());
		const { calendarId, unionId } = this;
		return this.body(
			this.client.meetingRoomRespondWithOptions(calendarId, unionId, id, roomId, request, headers, runtime),
		);
	}

	caldavAccount(device?: string): Promise<api.GenerateCaldavAccountResponseBody> {
		const request = new api.GenerateCaldavAccountRequest({ device });
		const headers = new api.GenerateCaldavAccountHeaders(this.headers());
		return this.body(this.client.generateCaldavAccountWithOptions(this.unionId, request, headers, runtime));
	}
}
