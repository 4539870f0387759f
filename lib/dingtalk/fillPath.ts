/** Fills in the path of a call. Each value stays the one segment that it is meant to be, whatever it is. */
import { templateOf, type ApiCall } from './endpoints';
import { DingTalkError } from './errors/DingTalkError';
import { isPathSegment } from './utils/pathSegment';
import { shorten } from './utils/text';
import { t } from '../locale/t';

const MAX_QUOTED = 40;

function unusableError(call: ApiCall, placeholder: string, value: unknown): DingTalkError {
	const name = placeholder.replace(/Id$/, ' ID');
	const problem =
		typeof value === 'string' && value !== ''
			? t`'${shorten(value, MAX_QUOTED)}' is not a valid ${name}`
			: t`The ${name} is empty`;
	return new DingTalkError({
		kind: 'input',
		message: t`${problem}, so the request to ${call.action} was not sent`,
		advice: t`Use an ID from the output of another operation, for example Get Many.`,
		notSent: true,
	});
}

/** IDs can contain `/`, `+`, `=`, `?` or `#`, so each is encoded; those that no encoding keeps in their place are refused. */
export const fillPath = (call: ApiCall, values: Record<string, string>): string =>
	templateOf(call, values).replace(/\{(\w+)\}/g, (_, name: string) => {
		const value: unknown = Object.hasOwn(values, name) ? values[name] : undefined;
		if (!isPathSegment(value)) throw unusableError(call, name, value);
		return encodeURIComponent(value);
	});
