/** A bare client for the probe: it shows what DingTalk really answers, so it explains and retries nothing. */
import axios, { type AxiosResponse } from 'axios';

export interface ProbeAccount {
	api: string;
	oldApi: string;
	clientId: string;
	clientSecret: string;
}

export interface Reply {
	status: number;
	code: string;
	message: string;
	/** Parsed JSON; undefined for an empty body. */
	body: unknown;
	headers: Record<string, unknown>;
}

export interface RequestOptions {
	query?: Record<string, string | number | boolean>;
	body?: unknown;
	/** `x-client-token`. */
	key?: string;
	/** In place of the token of the app. */
	token?: string;
	/** One of many calls at the same moment. */
	burst?: boolean;
}

type Burst = Required<Pick<RequestOptions, 'burst'>>;

const asText = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function toReply({ status, data, headers }: AxiosResponse<unknown>): Reply {
	const fields = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
	return {
		status,
		code: asText(fields.code ?? fields.errcode),
		message: asText(fields.message ?? fields.errmsg),
		body: data === '' ? undefined : data,
		headers: { ...headers },
	};
}

/** Fewer calls than DingTalk's 20 a second, so that the probe meets no limit that it does not ask about. */
const shortPause = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 120));

export class ProbeApi {
	/** Calls that count against the monthly quota. */
	metered = 0;
	/** Whether times carry milliseconds; the first question finds out. */
	milliseconds = false;
	private token = '';

	constructor(
		private readonly account: ProbeAccount,
		/** Waits before each call that is not part of a burst. */
		private readonly pause = shortPause,
	) {}

	/** A secret, for the test that no report has it. */
	get accessToken(): string {
		return this.token;
	}

	async connect(): Promise<Reply> {
		const { clientId, clientSecret } = this.account;
		const reply = await this.post('/v1.0/oauth2/accessToken', { appKey: clientId, appSecret: clientSecret });
		this.token = asText((reply.body as { accessToken?: string } | undefined)?.accessToken);
		return reply;
	}

	/** A token request for an organization. */
	async corpToken(corpId: string): Promise<Reply> {
		const { clientId, clientSecret } = this.account;
		const body = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' };
		return await this.post(`/v1.0/oauth2/${encodeURIComponent(corpId)}/token`, body);
	}

	/** A metered call of the calendar. */
	async call(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
		this.metered++;
		return await this.send(method, path, options);
	}

	/** A call that costs nothing: DingTalk refuses it at its gateway, or does not meter it. */
	async free(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
		return await this.send(method, path, options);
	}

	/** A call of the old-style API. */
	async old(path: string, body: object, { token = this.token, burst }: RequestOptions = {}): Promise<Reply> {
		if (burst !== true) await this.pause();
		const url = `${this.account.oldApi}${path}`;
		return toReply(
			await axios.post<unknown>(url, body, { params: { access_token: token }, validateStatus: () => true }),
		);
	}

	/** Many calls at the same moment. */
	async together(count: number, call: (burst: Burst) => Promise<Reply>): Promise<Reply[]> {
		await this.pause();
		return await Promise.all(Array.from({ length: count }, async () => await call({ burst: true })));
	}

	/** A time as the API takes it. */
	time(at: Date): string {
		const utc = at.toISOString();
		return this.milliseconds ? utc : utc.replace(/\.\d+Z$/, 'Z');
	}

	private async post(path: string, body: object): Promise<Reply> {
		return toReply(await axios.post<unknown>(`${this.account.api}${path}`, body, { validateStatus: () => true }));
	}

	private async send(method: string, path: string, options: RequestOptions): Promise<Reply> {
		const { query, body, key, token, burst } = options;
		if (burst !== true) await this.pause();
		return toReply(
			await axios.request<unknown>({
				method,
				url: `${this.account.api}${path}`,
				params: query,
				data: body,
				headers: {
					'content-type': 'application/json',
					'x-acs-dingtalk-access-token': token ?? this.token,
					...(key === undefined ? {} : { 'x-client-token': key }),
				},
				validateStatus: () => true,
			}),
		);
	}
}
