/** The seeded group chats. */
import type { Group, Person } from '../company';
import { department } from './seedDepartments';

const group = (openConversationId: string, title: string, people: Person[]): Group => ({
	openConversationId,
	title,
	members: people.map(({ unionId }) => unionId),
});

const inDepartment = (people: Person[], departmentId: number): Person[] =>
	people.filter((person) => person.departmentIds.includes(departmentId));

export const seedGroups = (people: Person[]): Group[] => [
	group('cid7Rk0sVtq2bXwzYcA1eHn3Q==', '全员群', people),
	group('cidQ4mZp8LrGd6uJfT0kxNvWA==', '前端组', inDepartment(people, department.frontEnd)),
	group('cidB9yEoS5hKi2aPcU7wMlXtg==', '人力资源部', inDepartment(people, department.humanResources)),
];
