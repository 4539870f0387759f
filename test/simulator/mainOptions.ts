/** The options of `npm run simulator`. */
import type { ParseArgsConfig } from 'node:util';

/** 5678 is n8n's own port. */
export const OPTIONS = {
	port: { type: 'string', default: '4010' },
	like: { type: 'string' },
	'callback-port': { type: 'string', multiple: true, default: ['5678'] },
} satisfies ParseArgsConfig['options'];
