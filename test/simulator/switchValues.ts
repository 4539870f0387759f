import type { Switches } from './switches';

/** The positions of every switch; `satisfies` makes a switch without positions a compile error. */
export const switchValues = {
	updateByNonOrganizer: ['invalidParameter', 'permissionDenied', 'allowed'],
	attendeesInUpdate: ['replace', 'merge'],
	remindersAbsentInUpdate: ['keep', 'default'],
	finishedDuplicate: ['firstAnswer', 'conflict'],
	deleteTwice: ['itemNotFound', 'ok'],
	getDeleted: ['instanceNotExist', 'itemNotFound', 'cancelledEvent'],
	oversizedPage: ['refuse', 'clamp'],
	lastPageToken: ['null', 'absent', 'empty'],
	deletedInDelta: ['included', 'onlyWithShowDeleted'],
	emptyPages: ['never', 'sometimes'],
	unknownUser: ['invalidParameter', 'itemNotFound'],
	virtualInstance: ['accepted', 'instanceNotExist'],
	deleteBody: ['empty', 'requestId'],
	timestampsNeedMilliseconds: [true, false],
	organizerAmongAttendees: [true, false],
	rescheduleResetsResponses: [true, false],
	corpTokenRepeat: ['same', 'new'],
	refreshTokenRotation: ['rotate', 'rotateAndForget', 'keep'],
	invalidTokenStatus: ['400', '401'],
	eventIds: ['plain', 'awkward'],
	oldInvalidToken: ['40014', '42001', '88'],
	oldErrcodeType: ['number', 'string'],
	searchOffset: ['page', 'row'],
} as const satisfies { [Name in keyof Switches]: ReadonlyArray<Switches[Name]> };
