/** Reads incoming HTTP requests. */
import type { IncomingMessage } from 'node:http';

/** A request before it is matched to a route. */
export interface IncomingRequest {
	method: string;
	/** Still percent-encoded, without the query. */
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	body: IncomingBody;
}

export type IncomingBody =
	| { kind: 'none' }
	| { kind: 'json'; value: unknown }
	| { kind: 'form'; value: Record<string, string> }
	| { kind: 'unreadable' }
	| { kind: 'tooLarge' };

/** Far above any documented call (500 attendees are about 40 kB), but low enough to limit memory. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

export async function readRequest(incoming: IncomingMessage): Promise<IncomingRequest> {
	const [path, search = ''] = splitOnce(incoming.url ?? '/', '?');
	return {
		method: incoming.method ?? 'GET',
		path,
		query: Object.fromEntries(new URLSearchParams(search)),
		headers: plainHeaders(incoming),
		body: await readBody(incoming),
	};
}

function splitOnce(text: string, separator: string): [string, string?] {
	const at = text.indexOf(separator);
	return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(incoming.headers)) {
		if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return headers;
}

async function readBody(incoming: IncomingMessage): Promise<IncomingBody> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of incoming as AsyncIterable<Buffer>) {
		size += chunk.length;
		// The rest of an oversized body is read and discarded: a client that is still sending would miss an early response.
		if (size <= MAX_BODY_BYTES) chunks.push(chunk);
	}
	if (size > MAX_BODY_BYTES) return { kind: 'tooLarge' };
	const text = Buffer.concat(chunks).toString('utf8');
	if (text.trim() === '') return { kind: 'none' };
	if (/x-www-form-urlencoded/i.test(incoming.headers['content-type'] ?? '')) {
		return { kind: 'form', value: Object.fromEntries(new URLSearchParams(text)) };
	}
	try {
		return { kind: 'json', value: JSON.parse(text) as unknown };
	} catch {
		return { kind: 'unreadable' };
	}
}
