/** Reads untyped bodies and queries; values of the wrong type are refused by name. */
import { invalidParameter } from '../contract';
import { isFields, type Fields } from '../fields';

/** The back end treats missing fields and null alike: as not set. */
export const isSet = (value: unknown): boolean => value !== undefined && value !== null;

export const isBlank = (value: unknown): boolean => !isSet(value) || (typeof value === 'string' && value.trim() === '');

export function textField(fields: Fields, name: string, label = name): string | undefined {
	const value = fields[name];
	if (!isSet(value)) return undefined;
	if (typeof value !== 'string') throw invalidParameter(`${label} must be a string`);
	return value;
}

export function booleanField(fields: Fields, name: string, label = name): boolean | undefined {
	const value = fields[name];
	if (!isSet(value)) return undefined;
	if (typeof value !== 'boolean') throw invalidParameter(`${label} must be a boolean`);
	return value;
}

export function objectField(fields: Fields, name: string, label = name): Fields | undefined {
	const value = fields[name];
	if (!isSet(value)) return undefined;
	if (!isFields(value)) throw invalidParameter(`${label} must be an object`);
	return value;
}

export function listField(fields: Fields, name: string, label = name): Fields[] | undefined {
	const value = fields[name];
	if (!isSet(value)) return undefined;
	if (!Array.isArray(value)) throw invalidParameter(`${label} must be an array`);
	return value.map((entry: unknown) => {
		if (!isFields(entry)) throw invalidParameter(`${label} must hold objects`);
		return entry;
	});
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], label: string): T {
	const found = allowed.find((candidate) => candidate === value);
	if (found === undefined) throw invalidParameter(`${label} must be one of ${allowed.join(', ')}`);
	return found;
}

export function stringMap(fields: Fields, name: string): Record<string, string> | undefined {
	const value = objectField(fields, name);
	if (!value) return undefined;
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => {
			if (typeof entry !== 'string') throw invalidParameter(`${name}.${key} must be a string`);
			return [key, entry];
		}),
	);
}

export function queryFlag(query: Record<string, string>, name: string): boolean | undefined {
	const value = query[name];
	if (value === undefined || value === '') return undefined;
	return oneOf(value, ['true', 'false'], name) === 'true';
}

export function queryNumber(query: Record<string, string>, name: string): number | undefined {
	const value = query[name];
	if (value === undefined || value === '') return undefined;
	if (!/^\d{1,9}$/.test(value)) throw invalidParameter(`${name} must be a whole number`);
	return Number(value);
}
