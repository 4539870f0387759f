/**
 * The switches for behavior that DingTalk does not document. Tests can set each switch to any position, and no test of
 * the nodes may depend on one position.
 */
export interface Switches {
	/** How an update by a user other than the organizer is handled. */
	updateByNonOrganizer: 'invalidParameter' | 'permissionDenied' | 'allowed';
	/** How `attendees` in an update changes the attendee list. */
	attendeesInUpdate: 'replace' | 'merge';
	/** What an update without `reminders` does to existing reminders. */
	remindersAbsentInUpdate: 'keep' | 'default';
	/** The response to a repeated, already finished x-client-token. */
	finishedDuplicate: 'firstAnswer' | 'conflict';
	/** The response to a repeated x-client-token whose event has been deleted since. */
	duplicateAfterDelete: 'firstAnswer' | 'runsAgain';
	/** The response to deleting a deleted event. */
	deleteTwice: 'itemNotFound' | 'ok';
	/** The response to reading a deleted event. */
	getDeleted: 'instanceNotExist' | 'itemNotFound' | 'cancelledEvent';
	/** How a page size over the maximum is handled. */
	oversizedPage: 'refuse' | 'clamp';
	/** How the last page is marked. */
	lastPageToken: 'null' | 'absent' | 'empty';
	/** Whether deltas of a sync token contain deleted events without showDeleted. */
	deletedInDelta: 'included' | 'onlyWithShowDeleted';
	/** Whether a list of all events contains deleted ones if `showDeleted` asks for them. */
	deletedInList: 'included' | 'leftOut';
	/** How long a sync token is accepted. */
	syncTokenLifetime: 'unlimited' | 'sevenDays';
	/** Whether a page can be empty or short although it has a next token. */
	emptyPages: 'never' | 'sometimes';
	/** The error for an unknown unionId in a path. */
	unknownUser: 'invalidParameter' | 'itemNotFound';
	/** How calls handle the ID of an occurrence that was never stored. */
	virtualInstance: 'accepted' | 'instanceNotExist';
	/** How other writes to a deleted event are handled. `partly`: attendees and rooms can still be added or removed. */
	writesToCancelled: 'partly' | 'refused';
	/** How removing the organizer from the attendees is handled. */
	removeOrganizer: 'refused' | 'ignored';
	/** Whether the end date of an all-day event can equal its start date; DingTalk's tutorial sends that. */
	endEqualsStart: 'allowed' | 'refused';
	/** What `recurrence: null` in an update does to a series. */
	recurrenceNull: 'cleared' | 'ignored' | 'refused';
	/** What a change of the rule does to single dates that were changed and that the new rule still has. */
	exceptionsAfterRuleChange: 'lost' | 'kept';
	/** How the length of titles and descriptions is counted. */
	textCounting: 'codePoints' | 'utf16';
	/** The effect of `freeBusyStatus: "free"`: not documented, but in the SDK. `listed`: in free/busy, with a status of its own. */
	freeBusyStatus: 'honoured' | 'listed' | 'ignored' | 'refused';
	/** Whether events are returned with their `freeBusyStatus`; the SDK has it in requests only. */
	freeBusyStatusReturned: 'no' | 'yes';
	/** The longest window of an events view. */
	viewWindow: 'unlimited' | 'oneYear';
	/** The keys of a time object: the documentation shows both `date` and `dateTime`, or one of them. */
	timeFields: 'one' | 'both';
	/** How fields without a value are returned. */
	emptyFields: 'absent' | 'null' | 'emptyText';
	/** Whether error messages have the prefix of the calendar's back end. */
	messagePrefix: 'none' | 'developerMessage';
	/** The response of `{corpId}/token` to an unknown corp ID. */
	unknownCorpId: 'unknownError500' | 'unauthorizedClient';
	/** How the old-style API reports throttling, the quota and a refused IP address. */
	oldThrottle: 'wrapped' | 'plain';
	/** Whether a throttled response has a Retry-After header. */
	throttleHeaders: 'none' | 'retryAfter';
	/** The response body of a successful delete. */
	deleteBody: 'empty' | 'requestId';
	/** The response to a write for which `result: true` is documented. */
	writeResult: 'result' | 'emptyObject' | 'empty';
	/** Whether timestamps without milliseconds are refused, as one public test suite observed. */
	timestampsNeedMilliseconds: boolean;
	/** Whether the organizer is on the attendee list of a new event. */
	organizerAmongAttendees: boolean;
	/** Whether a change of time resets responses to needsAction. */
	rescheduleResetsResponses: boolean;
	/** What `{corpId}/token` returns while an earlier token is still valid. */
	corpTokenRepeat: 'same' | 'new';
	/** Whether refreshing a user token returns a new refresh token, and whether the old one is then invalid. */
	refreshTokenRotation: 'rotate' | 'rotateAndForget' | 'keep';
	/** Whether the refusal of a login code says that it was used or has expired. */
	refusedLoginCode: 'notFound' | 'reason';
	/** What the refusal of a refresh token calls it. */
	refusedRefreshToken: 'refreshToken' | 'authCode';
	/** How the new-style API reports an invalid access token. */
	invalidTokenStatus: '400' | '401';
	/** Whether new event IDs contain characters that must be percent-encoded in a path. */
	eventIds: 'plain' | 'awkward';
	/** How the old-style API reports an invalid access token. */
	oldInvalidToken: '40014' | '42001' | '88';
	/** Whether the old-style API accepts the token of a third-party app. */
	corpTokenOnOldApi: 'accepted' | 'refused';
	/** Whether old-style errcodes are numbers or strings. */
	oldErrcodeType: 'number' | 'string';
	/** Whether `offset` of the contacts search counts pages (as described) or rows (as named). */
	searchOffset: 'page' | 'row';
	/** Whether event calls accept the ID of a shared calendar: most pages allow only `primary`. */
	sharedCalendarIds: 'readable' | 'primaryOnly';
	/** How the calendar list spells privileges: as documented or as in its sample. */
	privilegeSpelling: 'documented' | 'sample';
	/** The effect of sharing a calendar with the same user again. */
	grantTwice: 'update' | 'refuse';
	/** Whether the author of a subscription calendar is subscribed automatically. */
	authorSubscribes: boolean;
	/** What happens to subscribers whom an update excludes from the audience. */
	outOfRangeSubscribers: 'unsubscribed' | 'kept';
	/** How free/busy shows an invitation without a response. */
	unansweredFreeBusy: 'tentative' | 'busy' | 'free';
	/** When check-in and check-out are open. */
	signInWindow: 'always' | 'aroundEvent';
	/** The time that a second check-in or check-out returns. */
	signInTwice: 'firstTime' | 'newTime';
	/** Whether a user can check out without checking in. */
	signOutWithoutSignIn: 'allowed' | 'refused';
	/** Which series can have rooms: DingTalk's command line tool allows only those with an end date. */
	recurringRooms: 'needEndDate' | 'anyRange';
	/** Who can respond for a room. */
	roomRespondBy: 'anybody' | 'organizer';
	/** The casing of fields in Stream messages. */
	streamPayload: 'camel' | 'pascal';
	/** The casing of fields in HTTP pushes: as observed or as documented. */
	httpPayload: 'pascal' | 'camel';
	/** The change type of a new event: as observed or as in the documented sample. */
	createdIsCalled: 'created' | 'create';
	/** Whether a change is one push for all users concerned or one push per user. */
	pushedUsers: 'together' | 'oneEach';
	/** Whether responses to invitations are pushed. */
	responsesArePushed: boolean;
	/** Whether pushes arrive in the order of the changes. */
	pushOrder: 'asItHappened' | 'mixed';
	/** Whether an accepted push can be repeated. */
	acceptedPushes: 'done' | 'sometimesRepeated';
	/** Whether an app with a callback URL also receives pushes over Stream. */
	pushChannels: 'oneAtATime' | 'both';
	/** The first frames on a new Stream connection: one SDK handles two undocumented ones. */
	streamWelcome: 'none' | 'connectedAndRegistered';
	/** What happens to messages while a Stream app has no connection. */
	streamWithoutConnection: 'kept' | 'lost';
	/** The messageId of a repeated Stream message. */
	repushMessageId: 'new' | 'same';
	/** The query parameter of the signature in HTTP pushes: pages differ. */
	signatureParameter: 'both' | 'signature' | 'msg_signature';
	/** The owner key at the end of an encrypted text. */
	callbackOwnerKey: 'clientId' | 'corpId';
	/** The key of the message in an entry of the old failed-callbacks list. */
	failedListKey: 'tag' | 'callbackData';
	/** Whether the new failed-callbacks list removes returned entries, as the old one does. */
	failedResultsOnceRead: 'discarded' | 'kept';
}

export const defaultSwitches = (): Switches => ({
	updateByNonOrganizer: 'invalidParameter',
	attendeesInUpdate: 'replace',
	remindersAbsentInUpdate: 'keep',
	finishedDuplicate: 'firstAnswer',
	duplicateAfterDelete: 'firstAnswer',
	deleteTwice: 'itemNotFound',
	getDeleted: 'instanceNotExist',
	oversizedPage: 'refuse',
	lastPageToken: 'null',
	deletedInDelta: 'included',
	deletedInList: 'included',
	syncTokenLifetime: 'unlimited',
	emptyPages: 'never',
	unknownUser: 'invalidParameter',
	virtualInstance: 'accepted',
	writesToCancelled: 'partly',
	removeOrganizer: 'refused',
	endEqualsStart: 'allowed',
	recurrenceNull: 'cleared',
	exceptionsAfterRuleChange: 'lost',
	textCounting: 'codePoints',
	freeBusyStatus: 'honoured',
	freeBusyStatusReturned: 'no',
	viewWindow: 'unlimited',
	timeFields: 'one',
	emptyFields: 'absent',
	messagePrefix: 'developerMessage',
	unknownCorpId: 'unknownError500',
	oldThrottle: 'wrapped',
	throttleHeaders: 'none',
	deleteBody: 'empty',
	writeResult: 'result',
	timestampsNeedMilliseconds: false,
	organizerAmongAttendees: true,
	rescheduleResetsResponses: true,
	corpTokenRepeat: 'same',
	refreshTokenRotation: 'rotate',
	refusedLoginCode: 'notFound',
	refusedRefreshToken: 'refreshToken',
	invalidTokenStatus: '400',
	eventIds: 'plain',
	oldInvalidToken: '88',
	corpTokenOnOldApi: 'accepted',
	oldErrcodeType: 'number',
	searchOffset: 'page',
	sharedCalendarIds: 'readable',
	privilegeSpelling: 'documented',
	grantTwice: 'update',
	authorSubscribes: true,
	outOfRangeSubscribers: 'unsubscribed',
	unansweredFreeBusy: 'tentative',
	signInWindow: 'always',
	signInTwice: 'firstTime',
	signOutWithoutSignIn: 'allowed',
	recurringRooms: 'needEndDate',
	roomRespondBy: 'anybody',
	streamPayload: 'camel',
	httpPayload: 'pascal',
	createdIsCalled: 'created',
	pushedUsers: 'together',
	responsesArePushed: true,
	pushOrder: 'asItHappened',
	acceptedPushes: 'done',
	pushChannels: 'oneAtATime',
	streamWelcome: 'none',
	streamWithoutConnection: 'kept',
	repushMessageId: 'new',
	signatureParameter: 'both',
	callbackOwnerKey: 'clientId',
	failedListKey: 'tag',
	failedResultsOnceRead: 'discarded',
});
