/** The people, departments, rooms and apps of the simulated organisation. */
import type { AppType } from './contract';

export interface Person {
	/** What the calendar API wants everywhere. */
	unionId: string;
	/** What the contacts API of the organisation calls `userid`. */
	userId: string;
	name: string;
	/** Spelling in Latin letters, which the contacts search also finds. */
	pinyin: string;
	mobile: string;
	email: string;
	title: string;
	departmentIds: number[];
	/** An account that belongs to the organization, not to the person. */
	exclusiveAccount?: boolean;
	/** The apps were not given sight of this person. */
	outsideScope?: boolean;
	/** Shows when this person is busy only to people with whom the calendar is shared. */
	privateFreeBusy?: boolean;
}

export interface Department {
	departmentId: number;
	name: string;
	/** 1 is the root; the root itself has 0. */
	parentId: number;
}

export interface Room {
	roomId: string;
	roomName: string;
	roomCapacity: number;
	roomLocation: { title: string; desc: string };
	/** 0 everyone, 1 admins, 2 some members may book. */
	roomStatus: 0 | 1 | 2;
	roomLabels: Array<{ labelId: number; labelName: string }>;
	roomGroup: { groupId: number; groupName: string; parentId: number };
	approvalSwitch: boolean;
	approvalType: 1 | 2;
	/** Its booking policy: shorter reservations are refused. */
	minimumMinutes?: number;
	/** Whether a recurring event may book it. */
	enableCycleReservation: boolean;
}

/** A group chat, which a subscribed calendar may be offered to. */
export interface Group {
	openConversationId: string;
	title: string;
	/** unionIds. */
	members: string[];
}

export interface App {
	clientId: string;
	clientSecret: string;
	corpId: string;
	appType: AppType;
	scopes: string[];
}

export class Company {
	constructor(
		readonly corpId: string,
		readonly people: Person[],
		readonly departments: Department[],
		readonly rooms: Room[],
		readonly apps: App[],
		readonly groups: Group[] = [],
	) {}

	byUnionId(unionId: string): Person | undefined {
		return this.people.find((person) => person.unionId === unionId);
	}

	byUserId(userId: string): Person | undefined {
		return this.people.find((person) => person.userId === userId);
	}

	byMobile(mobile: string): Person | undefined {
		return this.people.find((person) => person.mobile === mobile);
	}
}
