/** What DingTalk does not document: the evidence for each assumption, and what breaks if it is wrong. docs/project/evidence.md is made from it. */
import type { Question } from '../live/probe/questions';
import type { Switches } from '../simulator/switches';

export interface Evidence {
	/** The behaviour, as a question. */
	question: string;
	/** What speaks for the simulator's position; undefined where nothing does. */
	evidence?: string;
	/** What a user would notice if DingTalk does it the other way. */
	otherwise: string;
}

const SDK = "DingTalk's SDK 2.2.27";
const CLI = "run reports of DingTalk's own command line tool, March 2026 (another gateway)";
const LIVE_LOG = 'a public log of live calls, September 2026';
const NOTHING_BREAKS = 'Nothing: the nodes accept each of these.';

interface EvidenceOfSwitch<Position> extends Evidence {
	/** The position that the evidence speaks for. */
	pointsTo?: Position | 'both ways';
	/** Why the default is another one. */
	because?: string;
}

/** One row per switch of the simulator; its default position is what the package assumes. */
export const SWITCH_EVIDENCE: { [Name in keyof Switches]: EvidenceOfSwitch<Switches[Name]> } = {
	updateByNonOrganizer: {
		question: 'What does an update by an attendee get?',
		evidence: 'The page says that the organizer must be in the path; it names no error.',
		pointsTo: 'both ways',
		otherwise: 'Only the error text differs, or the update succeeds.',
	},
	attendeesInUpdate: {
		question: 'Do `attendees` in an update replace the list?',
		otherwise:
			'Nothing: the nodes add and remove attendees with their own calls. Only to invite an e-mail address outside the directory do they send a list, and it names everyone who is on the event.',
	},
	remindersAbsentInUpdate: {
		question: 'Does an update without `reminders` keep them?',
		evidence: 'The page contradicts itself: unsent fields stay unchanged, and absent reminders mean the default.',
		pointsTo: 'both ways',
		otherwise:
			'An update of another field resets the reminders. Reading them first would cost one metered call per update, so the help of Reminders says to add them instead.',
	},
	finishedDuplicate: {
		question: 'What does a finished request get that is repeated with the same `x-client-token`?',
		evidence: 'The token is documented and kept for a day; the global list of errors has a code for duplicates.',
		pointsTo: 'conflict',
		because:
			'no page of the calendar names that code, and a token that is kept for a day is of use only if it brings the first answer back.',
		otherwise: NOTHING_BREAKS,
	},
	duplicateAfterDelete: {
		question: 'What does it get after the event has been deleted?',
		otherwise:
			'A creation repeated within a day with the same Idempotency Key returns the deleted event, or creates it again.',
	},
	deleteTwice: {
		question: 'What does deleting a deleted event get?',
		evidence: 'Only that `itemNotFound` is documented for the call.',
		pointsTo: 'itemNotFound',
		otherwise: NOTHING_BREAKS,
	},
	getDeleted: {
		question: 'What does reading a deleted event get?',
		evidence: 'The page of the list says `instanceNotExist`.',
		pointsTo: 'instanceNotExist',
		otherwise: NOTHING_BREAKS,
	},
	oversizedPage: {
		question: 'What does a page size over the maximum get?',
		otherwise: 'Nothing: the nodes ask for no more than the documented maximum.',
	},
	lastPageToken: {
		question: 'How does the last page say that it is the last?',
		evidence: 'A public note on the API shows `"nextToken": null`.',
		pointsTo: 'null',
		otherwise: NOTHING_BREAKS,
	},
	deletedInDelta: {
		question: 'Do the changes since a sync token include deleted events without `showDeleted`?',
		otherwise: 'Nothing: the polling trigger asks for deleted events.',
	},
	deletedInList: {
		question: 'Does a list of all events contain deleted ones with `showDeleted`?',
		evidence:
			'The page of the list says what reading one of them by its ID gets, but not for how long they are listed.',
		pointsTo: 'included',
		otherwise: 'The polling trigger does not report what was removed between the last poll and a refused sync token.',
	},
	syncTokenLifetime: {
		question: 'How long is a sync token accepted?',
		otherwise:
			'Nothing: a trigger whose token is refused takes a new one and compares with the events that it knows. `npm run probe -- --sync-token FILE`, run again after some days, finds out.',
	},
	emptyPages: {
		question: 'Can a page be empty or short while more follow?',
		evidence: 'A general page calls `maxResults` a hint.',
		pointsTo: 'sometimes',
		because: 'no public log shows such a page.',
		otherwise: NOTHING_BREAKS,
	},
	unknownUser: {
		question: 'What does an unknown union ID in a path get?',
		otherwise: 'Only the error text differs.',
	},
	virtualInstance: {
		question: 'Can a future date of a series be read and changed by its ID?',
		evidence: '`instanceNotExist` is documented, but not when it occurs.',
		pointsTo: 'both ways',
		otherwise: 'Get, Update and Delete of a future date fail, and the error says that the date does not exist.',
	},
	writesToCancelled: {
		question: 'What do other writes to a deleted event get?',
		evidence: `Some of them pass, in ${CLI}.`,
		pointsTo: 'partly',
		otherwise: 'People can be added to a deleted event, and the node reports them as added.',
	},
	removeOrganizer: {
		question: 'What does removing the organizer from the attendees get?',
		evidence: `"can not remove organizer." in many ${CLI}`,
		pointsTo: 'refused',
		otherwise: NOTHING_BREAKS,
	},
	endEqualsStart: {
		question: 'May the end date of an all-day event equal its start date?',
		evidence: "DingTalk's tutorial updates an event this way, and shows it working.",
		pointsTo: 'allowed',
		otherwise: 'Nothing: the nodes send the day after the last day.',
	},
	recurrenceNull: {
		question: 'Does `recurrence: null` make a series a single event?',
		otherwise: 'Fields to Clear: Repeat changes nothing or fails. Update compares the answer and says so.',
	},
	exceptionsAfterRuleChange: {
		question: 'Do single dates keep their changes when the rule of their series changes?',
		otherwise:
			'Nothing: This and Following makes the changes of single dates again where they are lost, and leaves them alone where they are not.',
	},
	textCounting: {
		question: 'Is the length of a text counted in characters or UTF-16 units?',
		otherwise: 'A title with more than 1,024 emoji passes the check of the node and is refused by DingTalk.',
	},
	freeBusyStatus: {
		question: 'Does an event with `freeBusyStatus: "free"` count as free?',
		evidence: `${SDK} has the field; the command line tool documents busy and free.`,
		pointsTo: 'honoured',
		otherwise: 'Such an event counts as busy.',
	},
	freeBusyStatusReturned: {
		question: 'Are events returned with their `freeBusyStatus`?',
		evidence: `${SDK} has the field in requests only.`,
		pointsTo: 'no',
		otherwise:
			'Nothing: `showAs` is null where DingTalk does not send it, and what it sends where it does. Only then can Update say that Show As was not changed; the same is true of categories and `cardInstances`.',
	},
	viewWindow: {
		question: 'How long may the window of an events view be?',
		otherwise: 'A list over more than a year fails with the text of DingTalk.',
	},
	timeFields: {
		question: 'Can a time object carry `date` and `dateTime`?',
		evidence: 'The sample answers of two pages show both; three public clients read both.',
		pointsTo: 'both',
		because:
			'the text of the same pages says that one of the two must be empty, and a sample shows every field at once.',
		otherwise: NOTHING_BREAKS,
	},
	emptyFields: {
		question: 'How are fields without a value sent?',
		evidence: `null for \`attendees\`, \`scheduleItems\` and others in ${CLI}`,
		pointsTo: 'null',
		because: 'that is another gateway, and the samples of the pages leave fields out.',
		otherwise: NOTHING_BREAKS,
	},
	messagePrefix: {
		question: 'Do messages carry the prefix `code: N, developerMessage:`?',
		evidence: "A public client's test shows the prefix, marked as live.",
		pointsTo: 'developerMessage',
		otherwise: NOTHING_BREAKS,
	},
	unknownCorpId: {
		question: 'What does a corp ID that does not exist get from the token call?',
		evidence: `500 \`unknownError\`, in ${LIVE_LOG}`,
		pointsTo: 'unknownError500',
		otherwise: NOTHING_BREAKS,
	},
	corpTokenOnOldApi: {
		question: 'Does the old-style API accept the token of a third-party app?',
		evidence: 'A public commit says that some APIs refuse it, without naming them.',
		pointsTo: 'refused',
		because: 'which APIs refuse it is not said, and the pages of the contact calls name third-party apps.',
		otherwise: 'People cannot be looked up with a Third-Party Enterprise App; union IDs work.',
	},
	oldThrottle: {
		question: 'How does the old-style API report too many calls?',
		evidence: 'A public log shows 90002 inside errcode 88; the same for 90018 and the quota is a guess.',
		pointsTo: 'wrapped',
		otherwise: NOTHING_BREAKS,
	},
	throttleHeaders: {
		question: 'Does the response to a rate-limited call say in a header when to retry?',
		otherwise: 'Nothing: the nodes wait by their own rule.',
	},
	deleteBody: {
		question: 'Does a successful deletion have a body?',
		evidence: 'Documented as empty; a public test suite saw a request ID.',
		pointsTo: 'both ways',
		otherwise: NOTHING_BREAKS,
	},
	writeResult: {
		question: 'Does a write return the `result: true` that is documented for it?',
		evidence:
			'The pages of five of these calls show it; cancel, transfer and the response of a room have it in the SDK only. No other write is documented with a result.',
		pointsTo: 'result',
		otherwise:
			'_Cancel_ and _Transfer_ of events, everything about meeting rooms that changes something, and changing, deleting and leaving subscription calendars end with an error that says that it may have been done. The nodes do not call a write done that nothing confirms: the same holds for an update without any field of the event and a check-in without its time. Writes that are documented without a body are done when DingTalk answers with HTTP 200.',
	},
	timestampsNeedMilliseconds: {
		question: 'Are times without milliseconds refused?',
		evidence: 'One public test suite says so; the pages show times without them.',
		pointsTo: 'both ways',
		otherwise:
			'Nothing: a refused call is repeated with milliseconds. What is accepted is remembered for the run, not for the process: it costs one refused call a run, and no refusal by mistake changes later runs.',
	},
	organizerAmongAttendees: {
		question: 'Is the organizer in the list of attendees?',
		evidence: `Yes, accepted, in ${CLI}`,
		pointsTo: true,
		otherwise: 'Counts of attendees differ by one.',
	},
	rescheduleResetsResponses: {
		question: 'Does moving an event reset the responses?',
		otherwise: 'Responses after a move stay as they were.',
	},
	eventIds: {
		question: 'Do event IDs hold characters that must be encoded?',
		otherwise: 'Nothing: IDs are encoded.',
	},
	corpTokenRepeat: {
		question: 'Does the unified token call return the same token again?',
		otherwise: 'Nothing: the token is cached.',
	},
	refreshTokenRotation: {
		question: 'Does refreshing a user token hand out a new refresh token?',
		otherwise: 'Nothing: a new refresh token is stored in the credential.',
	},
	refusedLoginCode: {
		question: 'Does the refusal of an authorization code say whether it was used or has expired?',
		evidence: 'A public sign-in page explains `invalidParameter.authCode.notFound` as "expired or already used".',
		pointsTo: 'notFound',
		otherwise: 'Nothing: the error says which of the two it was.',
	},
	refusedRefreshToken: {
		question: 'What does DingTalk call an expired refresh token when it refuses it?',
		evidence: "DingTalk's own command line tool expects `invalidParameter.authCode.notFound`, from another endpoint.",
		pointsTo: 'authCode',
		because: 'that endpoint is another one, and the package reads both names.',
		otherwise: NOTHING_BREAKS,
	},
	invalidTokenStatus: {
		question: 'Which status does an invalid access token get?',
		evidence: 'All captured answers are 400; a general list has 401.',
		pointsTo: '400',
		otherwise: NOTHING_BREAKS,
	},
	oldInvalidToken: {
		question: 'Which errcode does an invalid token get on the old-style API?',
		evidence: `88 with sub_code 40014, in ${LIVE_LOG} and other logs`,
		pointsTo: '88',
		otherwise: NOTHING_BREAKS,
	},
	oldErrcodeType: {
		question: 'Is an errcode a number or text?',
		evidence: 'The pages show both.',
		pointsTo: 'both ways',
		otherwise: NOTHING_BREAKS,
	},
	searchOffset: {
		question: 'Does `offset` of the contacts search count pages or rows?',
		otherwise: 'Nothing: the nodes ask for one longer page.',
	},
	sharedCalendarIds: {
		question: 'Do event calls accept the ID of a shared calendar?',
		evidence: 'Most pages say that the ID is always `primary`.',
		pointsTo: 'primaryOnly',
		because: 'the list of calendars returns the IDs of shared ones, which would be of no use otherwise.',
		otherwise: 'Another Calendar as the calendar fails with the text of DingTalk.',
	},
	privilegeSpelling: {
		question: 'How does a list of calendars spell privileges?',
		evidence: 'The page lists one spelling, its sample shows another.',
		pointsTo: 'both ways',
		otherwise: 'The text of the field differs.',
	},
	grantTwice: {
		question: 'What does sharing a calendar twice with the same person do?',
		otherwise: 'The second call fails with the text of DingTalk.',
	},
	authorSubscribes: {
		question: 'Is the author of a subscription calendar its first subscriber?',
		otherwise: NOTHING_BREAKS,
	},
	outOfRangeSubscribers: {
		question: 'What happens to subscribers whom an update puts out of range?',
		otherwise: NOTHING_BREAKS,
	},
	unansweredFreeBusy: {
		question: 'What does free/busy say of an invitation without a response?',
		otherwise: 'Find Common Free Time treats such times as DingTalk reports them.',
	},
	signInWindow: {
		question: 'When can people check in?',
		otherwise: 'Check In fails long before an event, with the text of DingTalk.',
	},
	signInTwice: {
		question: 'Which time does a second check-in return?',
		otherwise: 'The time in the output differs.',
	},
	signOutWithoutSignIn: {
		question: 'Can a person check out who never checked in?',
		otherwise: 'Check Out fails with the text of DingTalk.',
	},
	recurringRooms: {
		question: 'Which series can have rooms?',
		evidence: `Only those with an end date, in ${CLI}`,
		pointsTo: 'needEndDate',
		otherwise: NOTHING_BREAKS,
	},
	roomRespondBy: {
		question: 'Who can respond for a room?',
		otherwise: 'Respond of Meeting Room fails with the text of DingTalk.',
	},
	streamPayload: {
		question: 'How do Stream messages spell their fields?',
		evidence: 'The protocol page and two SDKs.',
		pointsTo: 'camel',
		otherwise: NOTHING_BREAKS,
	},
	httpPayload: {
		question: 'How do HTTP pushes spell their fields?',
		evidence: 'A public log shows capitals; the page shows lower case.',
		pointsTo: 'pascal',
		otherwise: NOTHING_BREAKS,
	},
	createdIsCalled: {
		question: 'What does a push call a new event?',
		evidence: 'A public log shows `created`; the sample shows `create`.',
		pointsTo: 'created',
		otherwise: NOTHING_BREAKS,
	},
	pushedUsers: {
		question: 'Is one change one push, or one push for each person?',
		otherwise: 'One change starts a workflow once for each push, with the people of that push.',
	},
	responsesArePushed: {
		question: 'Is a response to an invitation pushed?',
		otherwise: 'The push triggers do not report responses; the polling trigger does.',
	},
	pushOrder: {
		question: 'Do pushes keep the order of the changes?',
		otherwise: 'Differences between two changes may be reported in another order.',
	},
	acceptedPushes: {
		question: 'Can an accepted push come again?',
		otherwise: 'Nothing: it is recognized.',
	},
	pushChannels: {
		question: 'Does an app with a callback URL receive pushes over Stream too?',
		otherwise: 'Nothing: each trigger recognizes repeated pushes.',
	},
	streamWelcome: {
		question: 'What does a new Stream connection receive first?',
		evidence: 'One SDK knows two frames that the protocol page does not; some servers never send them.',
		pointsTo: 'both ways',
		otherwise: NOTHING_BREAKS,
	},
	streamWithoutConnection: {
		question: 'Are messages kept while an app has no connection?',
		otherwise: 'Changes during an interruption are lost.',
	},
	repushMessageId: {
		question: 'Does a repeated Stream message keep its ID?',
		otherwise: 'Nothing: changes are recognized by their content.',
	},
	signatureParameter: {
		question: 'Under which name does an HTTP push carry its signature?',
		evidence: 'The pages differ.',
		pointsTo: 'both ways',
		otherwise: NOTHING_BREAKS,
	},
	callbackOwnerKey: {
		question: 'What is at the end of an encrypted push?',
		evidence: 'Client ID for internal apps in public code, Corp ID in the page.',
		pointsTo: 'both ways',
		otherwise: 'Choose the other value in the field Meant For of the credential.',
	},
	failedListKey: {
		question: 'Under which name does the old list of failed pushes keep the message?',
		evidence: 'The page and its sample differ.',
		pointsTo: 'both ways',
		otherwise: NOTHING_BREAKS,
	},
	failedResultsOnceRead: {
		question: 'Does the list of failed pushes forget what it has returned?',
		evidence: 'Documented for the old list only.',
		pointsTo: 'both ways',
		otherwise: 'Nothing: a change that is returned twice is recognized.',
	},
};

/** What no switch stands for. */
interface OtherEvidence extends Evidence {
	assumption: string;
	/** The question of the probe, if there is one. */
	probe?: Question['name'];
}

export const OTHER_EVIDENCE: OtherEvidence[] = [
	{
		question: 'Does the old-style host of the international region exist?',
		assumption: '`oapi.dingtalk.io`',
		probe: 'oldHost',
		evidence: 'Public code only.',
		otherwise: 'People cannot be looked up by name, mobile number, e-mail address or user ID there; union IDs work.',
	},
	{
		question: 'At which times does the day limit of 100 events reset?',
		assumption: 'at midnight in China',
		otherwise: 'The time in the error is wrong; nothing else depends on it.',
	},
	{
		question: 'Is the call that lists failed pushes metered?',
		assumption: 'yes',
		otherwise: 'Recover Missed Changes costs less than stated.',
	},
	{
		question: 'Which host has the sign-in page of DingTalk International?',
		assumption: '`login.dingtalk.io`',
		evidence:
			"DingTalk's own command line tool and other public programs use it; the documentation names only `login.dingtalk.com`.",
		otherwise:
			'The sign-in page does not open. Choose _Other_ on the page of _Sign in a user_ and enter the right host.',
	},
	{
		question: 'What does DingTalk add to the redirect address when a user does not agree?',
		assumption: '`error=access_denied` and `state`',
		evidence: 'The documentation says that an `error` is returned, without its values.',
		otherwise: 'Nothing: any `error` is read as a refusal.',
	},
	{
		question: 'Does the token endpoint of internal apps need the Corp ID?',
		assumption: 'no',
		evidence: 'A public report says that some older apps are refused with `invalidClientIdOrSecret` without it.',
		otherwise: 'Such an app does not get a token. Create a new app in the developer console.',
	},
	{
		question: 'Which host does the Stream connection use?',
		assumption: 'the one in the ticket',
		evidence: "Logs and DingTalk's SDKs show `wss-open-connection-union.dingtalk.com` in China.",
		otherwise: 'A firewall that allows only this host blocks the connection.',
	},
	{
		question: 'Does each Stream message to an app of several organizations name its organization (`eventCorpId`)?',
		assumption: 'yes',
		evidence: 'The protocol page shows the header in each event.',
		otherwise: 'A change without it starts no workflow of such an app.',
	},
	{
		question: 'Are bookings of meeting rooms (`meetingroom_book`) pushed over Stream too?',
		assumption: 'yes, for internal apps',
		evidence: 'The page describes the event for internal apps, and shows its HTTP form only.',
		otherwise: 'The Stream trigger does not report room bookings; the webhook trigger does.',
	},
	{
		question: 'In which time zone are the times of a pushed room booking?',
		assumption: 'not stated, so they are output as received',
		otherwise: 'Nothing: the times are output as received, without a time zone.',
	},
	{
		question: 'What does an organizer get who has created the 100 events of a day?',
		assumption: '400 `flowLimit`',
		evidence:
			'The page of the call names the code and the limit; no public log shows it. A probe would have to create 100 events.',
		otherwise: 'The error has the text of DingTalk, and the node goes on asking for this organizer.',
	},
	{
		question: 'Which code does a person get who may not see a calendar or an event?',
		assumption: '`permissionDenied`; a code such as `aclDenied` is not known',
		otherwise: 'The error has the code and the text of DingTalk instead of an explanation.',
	},
	{
		question: 'How does DingTalk block an IP address that sends too much?',
		assumption: 'with a web page, or with `status: 1111` in JSON, for five minutes',
		evidence: 'The page on limits shows the JSON, and public reports a page; neither names the HTTP status.',
		otherwise: 'The error says that a proxy may have answered, or has the text of DingTalk.',
	},
	{
		question: 'Does the response to free/busy contain people and rooms without meetings?',
		assumption: 'yes, without items',
		evidence: 'The page says that no items means free; it does not say that anyone may be left out.',
		otherwise:
			'Such people are named as unreadable and count as free unless Unreadable Calendars is changed; such rooms count as taken.',
	},
	{
		question: 'What does the ID of one date of a series look like?',
		assumption: 'nothing is read from it',
		probe: 'instanceId',
		otherwise: 'Nothing: dates are found by `seriesMasterId` and their start.',
	},
	{
		question: 'When is a Stream message pushed again that was not answered?',
		assumption: 'after a minute or sooner; the nodes answer within three seconds',
		evidence: 'Public reports on bots show a repetition after 16 or 60 seconds; nothing is known of events.',
		otherwise: 'Nothing: a repeated change is recognized by its content.',
	},
];
