/** The people, departments, rooms and apps of the simulated organization. */
import type { AppType } from './contract';

export interface Person {
	/** The ID that the calendar API uses. */
	unionId: string;
	/** The ID that the contacts API calls `userid`. */
	userId: string;
	name: string;
	/** The name in Latin letters, which the contacts search also matches. */
	pinyin: string;
	mobile: string;
	email: string;
	title: string;
	departmentIds: number[];
	/** An account that belongs to the organization, not to the person. */
	exclusiveAccount?: boolean;
	/** Outside the contact range of the apps. */
	outsideScope?: boolean;
	/** Shows free/busy times only to users with whom the calendar is shared. */
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
	/** The room's booking policy: shorter bookings are refused. */
	minimumMinutes?: number;
	/** Whether a recurring event may book it. */
	enableCycleReservation: boolean;
}

/** A group chat, which can be the audience of a subscription calendar. */
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
