/** The possible positions of each switch. */
import type { Switches } from './switches';

/** `satisfies` makes a switch without positions a compile error. */
export const switchValues = {
	updateByNonOrganizer: ['invalidParameter', 'permissionDenied', 'allowed'],
	attendeesInUpdate: ['replace', 'merge'],
	remindersAbsentInUpdate: ['keep', 'default'],
	finishedDuplicate: ['firstAnswer', 'conflict'],
	duplicateAfterDelete: ['firstAnswer', 'runsAgain'],
	deleteTwice: ['itemNotFound', 'ok'],
	getDeleted: ['instanceNotExist', 'itemNotFound', 'cancelledEvent'],
	oversizedPage: ['refuse', 'clamp'],
	lastPageToken: ['null', 'absent', 'empty'],
	deletedInDelta: ['included', 'onlyWithShowDeleted'],
	deletedInList: ['included', 'leftOut'],
	syncTokenLifetime: ['unlimited', 'sevenDays'],
	emptyPages: ['never', 'sometimes'],
	unknownUser: ['invalidParameter', 'itemNotFound'],
	virtualInstance: ['accepted', 'instanceNotExist'],
	writesToCancelled: ['partly', 'refused'],
	removeOrganizer: ['refused', 'ignored'],
	endEqualsStart: ['allowed', 'refused'],
	recurrenceNull: ['cleared', 'ignored', 'refused'],
	exceptionsAfterRuleChange: ['lost', 'kept'],
	textCounting: ['codePoints', 'utf16'],
	freeBusyStatus: ['honoured', 'listed', 'ignored', 'refused'],
	freeBusyStatusReturned: ['no', 'yes'],
	viewWindow: ['unlimited', 'oneYear'],
	timeFields: ['one', 'both'],
	emptyFields: ['absent', 'null', 'emptyText'],
	messagePrefix: ['none', 'developerMessage'],
	unknownCorpId: ['unknownError500', 'unauthorizedClient'],
	oldThrottle: ['wrapped', 'plain'],
	throttleHeaders: ['none', 'retryAfter'],
	deleteBody: ['empty', 'requestId'],
	writeResult: ['result', 'emptyObject', 'empty'],
	timestampsNeedMilliseconds: [true, false],
	organizerAmongAttendees: [true, false],
	rescheduleResetsResponses: [true, false],
	corpTokenRepeat: ['same', 'new'],
	refreshTokenRotation: ['rotate', 'rotateAndForget', 'keep'],
	refusedLoginCode: ['notFound', 'reason'],
	refusedRefreshToken: ['refreshToken', 'authCode'],
	invalidTokenStatus: ['400', '401'],
	eventIds: ['plain', 'awkward'],
	oldInvalidToken: ['40014', '42001', '88'],
	corpTokenOnOldApi: ['accepted', 'refused'],
	oldErrcodeType: ['number', 'string'],
	searchOffset: ['page', 'row'],
	sharedCalendarIds: ['readable', 'primaryOnly'],
	privilegeSpelling: ['documented', 'sample'],
	grantTwice: ['update', 'refuse'],
	authorSubscribes: [true, false],
	outOfRangeSubscribers: ['unsubscribed', 'kept'],
	unansweredFreeBusy: ['tentative', 'busy', 'free'],
	signInWindow: ['always', 'aroundEvent'],
	signInTwice: ['firstTime', 'newTime'],
	signOutWithoutSignIn: ['allowed', 'refused'],
	recurringRooms: ['needEndDate', 'anyRange'],
	roomRespondBy: ['anybody', 'organizer'],
	streamPayload: ['camel', 'pascal'],
	httpPayload: ['pascal', 'camel'],
	createdIsCalled: ['created', 'create'],
	pushedUsers: ['together', 'oneEach'],
	responsesArePushed: [true, false],
	pushOrder: ['asItHappened', 'mixed'],
	acceptedPushes: ['done', 'sometimesRepeated'],
	pushChannels: ['oneAtATime', 'both'],
	streamWelcome: ['none', 'connectedAndRegistered'],
	streamWithoutConnection: ['kept', 'lost'],
	repushMessageId: ['new', 'same'],
	signatureParameter: ['both', 'signature', 'msg_signature'],
	callbackOwnerKey: ['clientId', 'corpId'],
	failedListKey: ['tag', 'callbackData'],
	failedResultsOnceRead: ['discarded', 'kept'],
} as const satisfies { [Name in keyof Switches]: ReadonlyArray<Switches[Name]> };

/** Reads the switches of a report of `npm run probe`; unknown names and positions are refused. */
export function switchesLike(report: string): Partial<Switches> {
	const { switches } = JSON.parse(report) as { switches?: Record<string, unknown> };
	if (switches === undefined) throw new Error('This file is not a report of npm run probe: it has no "switches".');
	for (const [name, value] of Object.entries(switches)) {
		const positions: readonly unknown[] | undefined = switchValues[name as keyof Switches];
		if (!positions?.includes(value)) throw new Error(`The report sets "${name}", which the simulator does not have.`);
	}
	return switches as Partial<Switches>;
}
