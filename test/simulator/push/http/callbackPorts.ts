/** The ports of this machine that the simulator may push to: those that the demo or the test has named. */

/** `any` is for tests that start servers at ports that are not known before. */
export type NamedPorts = readonly number[] | 'any';

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

export class CallbackPorts {
	private readonly ports = new Set<number>();
	private isAny = false;

	allow(ports: NamedPorts): void {
		if (ports === 'any') this.isAny = true;
		else for (const port of ports) this.ports.add(port);
	}

	/** Names the port of this URL. */
	allowUrl(url: string): void {
		this.allow([portOf(url)]);
	}

	includes(url: string): boolean {
		return this.isAny || this.ports.has(portOf(url));
	}
}

function portOf(url: string): number {
	const { port, protocol } = new URL(url);
	return port === '' ? DEFAULT_PORTS[protocol] : Number(port);
}
