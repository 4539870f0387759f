import type { Person } from '../../company';

/** Those whom an administrator has given the apps sight of. */
export const peopleInRange = (people: Person[]): Person[] => people.filter(({ outsideScope }) => outsideScope !== true);
