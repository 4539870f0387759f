/** The people in the contact range of the apps. */
import type { Person } from '../../company';

export const peopleInRange = (people: Person[]): Person[] => people.filter(({ outsideScope }) => outsideScope !== true);
