/** Signs a user in on the simulator's sign-in page, as the browser does. */
import type { Person } from '../../simulator/company';
import type { Desk } from './setup';

export const REDIRECT_ADDRESS = 'http://localhost:5678/webhook/dingtalk-sign-in';

export function signInAddress(desk: Desk, more: Record<string, string> = {}): string {
	const query = {
		client_id: 'sim-personal',
		redirect_uri: REDIRECT_ADDRESS,
		response_type: 'code',
		scope: 'openid corpid',
		prompt: 'consent',
		state: 'sim-personal',
		...more,
	};
	return `${desk.simulator.url}/oauth2/auth?${String(new URLSearchParams(query))}`;
}

/** The address that the browser shows in the end. */
export async function decide(
	desk: Desk,
	person: Person,
	decision: 'agree' | 'refuse' = 'agree',
	address = signInAddress(desk),
): Promise<string> {
	const answer = await fetch(address, {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams({ unionId: person.unionId, decision }),
	});
	return answer.headers.get('location') ?? address;
}

export const codeIn = (address: string): string => new URL(address).searchParams.get('authCode') ?? '';
