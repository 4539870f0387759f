/** Keeps the simulator to this machine: web pages and other hosts can neither drive it nor be called by it. */
import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether a URL names this machine. */
export function isLoopbackUrl(url: string): boolean {
	const { hostname } = URL.canParse(url) ? new URL(url) : { hostname: '' };
	return LOOPBACK_HOSTS.includes(hostname);
}

/**
 * A browser sends the page's origin, and behind a DNS name that was rebound to this machine a foreign `Host`: neither may
 * read tokens or change state here.
 */
export const isForeignRequest = ({ host = '', origin }: IncomingHttpHeaders): boolean =>
	!isLoopbackUrl(`http://${host}`) || (origin !== undefined && !isLoopbackUrl(origin));
