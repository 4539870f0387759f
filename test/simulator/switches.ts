/**
 * Where DingTalk's documentation is silent the simulator has to choose. Each choice is a switch with a name, so that
 * tests can stand it either way; no test of the nodes may depend on which way it stands.
 */
export interface Switches {
	/** What an update by somebody who is not the organizer gets. */
	updateByNonOrganizer: 'invalidParameter' | 'permissionDenied' | 'allowed';
	/** What `attendees` in an update does to the list. */
	attendeesInUpdate: 'replace' | 'merge';
	/** What an update without `reminders` does to them. */
	remindersAbsentInUpdate: 'keep' | 'default';
	/** What a repeated, already finished x-client-token gets. */
	finishedDuplicate: 'firstAnswer' | 'conflict';
	/** What an `x-client-token` gets whose event has been deleted meanwhile. */
	duplicateAfterDelete: 'firstAnswer' | 'runsAgain';
	/** What deleting a deleted event gets. */
	deleteTwice: 'itemNotFound' | 'ok';
	/** What reading a deleted event gets. */
	getDeleted: 'instanceNotExist' | 'itemNotFound' | 'cancelledEvent';
	/** What a page size over the maximum gets. */
	oversizedPage: 'refuse' | 'clamp';
	/** How the last page says that it is the last. */
	lastPageToken: 'null' | 'absent' | 'empty';
	/** Whether deltas of a sync token contain deleted events although showDeleted was not asked for. */
	deletedInDelta: 'included' | 'onlyWithShowDeleted';
	/** Whether a page may be empty, or short, while a next token is still present. */
	emptyPages: 'never' | 'sometimes';
	/** What an unknown unionId in a path gets. */
	unknownUser: 'invalidParameter' | 'itemNotFound';
	/** What calls with an instance id that was never stored do. */
	virtualInstance: 'accepted' | 'instanceNotExist';
	/** What other writes to an event get after its organizer deleted it. `partly`: people and rooms can still be taken off or added. */
	writesToCancelled: 'partly' | 'refused';
	/** What removing the organizer from the attendees gets. */
	removeOrganizer: 'refused' | 'ignored';
	/** Whether the end date of an all-day event may equal its start date; DingTalk's tutorial sends it. */
	endEqualsStart: 'allowed' | 'refused';
	/** What `recurrence: null` in an update does to a series. */
	recurrenceNull: 'cleared' | 'ignored' | 'refused';
	/** How titles and descriptions are counted against their maximum length. */
	textCounting: 'codePoints' | 'utf16';
	/** What `freeBusyStatus: "free"` of an event does: not documented, but in the SDK. */
	freeBusyStatus: 'honoured' | 'ignored' | 'refused';
	/** The longest window of an events view. */
	viewWindow: 'unlimited' | 'oneYear';
	/** How a time object of an event is filled: pages show both `date` and `dateTime`, or one of them. */
	timeFields: 'one' | 'both';
	/** How fields without a value are sent. */
	emptyFields: 'absent' | 'null' | 'emptyText';
	/** Whether messages of the calendar carry the prefix of its back end. */
	messagePrefix: 'none' | 'developerMessage';
	/** What a corp ID that does not exist gets from `{corpId}/token`. */
	unknownCorpId: 'unknownError500' | 'unauthorizedClient';
	/** How the old-style API reports too many calls, the quota and a refused address. */
	oldThrottle: 'wrapped' | 'plain';
	/** Whether a call refused for speed says in a header when to come back. */
	throttleHeaders: 'none' | 'retryAfter';
	/** Body of a successful delete. */
	deleteBody: 'empty' | 'requestId';
	/** Whether timestamps without milliseconds are refused, as one public test-suite saw. */
	timestampsNeedMilliseconds: boolean;
	/** Whether an event with a finished create call may be listed among the organizer's attendees. */
	organizerAmongAttendees: boolean;
	/** Whether the response status of attendees is set back to needsAction when the time changes. */
	rescheduleResetsResponses: boolean;
	/** What {corpId}/token does when called again within validity. */
	corpTokenRepeat: 'same' | 'new';
	/** Whether refreshing a user token hands out a new refresh token, and whether the old one is good no longer. */
	refreshTokenRotation: 'rotate' | 'rotateAndForget' | 'keep';
	/** What an invalid access token gets on the new-style API. */
	invalidTokenStatus: '400' | '401';
	/** Whether new event ids hold characters that must be percent-encoded in a path. */
	eventIds: 'plain' | 'awkward';
	/** How the old-style API reports an invalid access token. */
	oldInvalidToken: '40014' | '42001' | '88';
	/** Whether old-style errcodes are numbers or strings. */
	oldErrcodeType: 'number' | 'string';
	/** Whether `offset` of the contacts search counts pages or rows: the text says pages, the name says rows. */
	searchOffset: 'page' | 'row';
	/** Whether event calls take the id of a calendar somebody shared: most pages say that it is uniformly `primary`. */
	sharedCalendarIds: 'readable' | 'primaryOnly';
	/** How a list of calendars spells privileges: as documented, or as its sample does. */
	privilegeSpelling: 'documented' | 'sample';
	/** What sharing a calendar a second time with the same person does. */
	grantTwice: 'update' | 'refuse';
	/** Whether the author of a subscribed calendar is its first subscriber. */
	authorSubscribes: boolean;
	/** What becomes of subscribers whom an update puts out of range. */
	outOfRangeSubscribers: 'unsubscribed' | 'kept';
	/** What free/busy says of an invitation nobody has answered yet. */
	unansweredFreeBusy: 'tentative' | 'busy' | 'free';
	/** When people may check in and out. */
	signInWindow: 'always' | 'aroundEvent';
	/** Which time a second check-in, or check-out, gives. */
	signInTwice: 'firstTime' | 'newTime';
	/** Whether somebody who never checked in may check out. */
	signOutWithoutSignIn: 'allowed' | 'refused';
	/** Which series may have rooms: the vendor's own command line knows only those with an end date. */
	recurringRooms: 'needEndDate' | 'anyRange';
	/** Who may answer for a room. */
	roomRespondBy: 'anybody' | 'organizer';
	/** How Stream messages spell their fields. */
	streamPayload: 'camel' | 'pascal';
	/** How HTTP pushes spell their fields: as really seen, or as documented. */
	httpPayload: 'pascal' | 'camel';
	/** What a push calls a new event: as really seen, or as in the documented sample. */
	createdIsCalled: 'created' | 'create';
	/** Whether one change is one push with everybody it concerns, or one push for each of them. */
	pushedUsers: 'together' | 'oneEach';
	/** Whether answering an invitation is pushed. */
	responsesArePushed: boolean;
	/** Whether pushes keep the order of the changes. */
	pushOrder: 'asItHappened' | 'mixed';
	/** Whether a push that was accepted may come again. */
	acceptedPushes: 'done' | 'sometimesRepeated';
	/** Whether an app with a callback URL is told over Stream too. */
	pushChannels: 'oneAtATime' | 'both';
	/** What a new Stream connection hears first: one SDK knows two frames the documents do not. */
	streamWelcome: 'none' | 'connectedAndRegistered';
	/** What becomes of messages while an app of Stream mode has no connection. */
	streamWithoutConnection: 'kept' | 'lost';
	/** The messageId of a Stream message that is pushed again. */
	repushMessageId: 'new' | 'same';
	/** Under which name an HTTP push carries its signature: pages differ. */
	signatureParameter: 'both' | 'signature' | 'msg_signature';
	/** What stands at the end of an encrypted text. */
	callbackOwnerKey: 'clientId' | 'corpId';
	/** Under which name an entry of the old list of failed callbacks keeps the message. */
	failedListKey: 'tag' | 'callbackData';
	/** Whether the new list of failed callbacks forgets what it has given out, as the old one does. */
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
	emptyPages: 'never',
	unknownUser: 'invalidParameter',
	virtualInstance: 'accepted',
	writesToCancelled: 'refused',
	removeOrganizer: 'refused',
	endEqualsStart: 'allowed',
	recurrenceNull: 'cleared',
	textCounting: 'codePoints',
	freeBusyStatus: 'honoured',
	viewWindow: 'unlimited',
	timeFields: 'one',
	emptyFields: 'absent',
	messagePrefix: 'developerMessage',
	unknownCorpId: 'unknownError500',
	oldThrottle: 'wrapped',
	throttleHeaders: 'none',
	deleteBody: 'empty',
	timestampsNeedMilliseconds: false,
	organizerAmongAttendees: true,
	rescheduleResetsResponses: true,
	corpTokenRepeat: 'same',
	refreshTokenRotation: 'rotate',
	invalidTokenStatus: '400',
	eventIds: 'plain',
	oldInvalidToken: '88',
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
