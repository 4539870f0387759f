import { searchTimeZones } from './searchTimeZones';

export const listSearch = { searchTimeZones };
