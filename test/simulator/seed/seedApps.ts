/** The apps that a new simulator has. */
import type { App } from '../company';

export const CORP_ID = 'ding5c2a97e0b8f4d13635c2f4657eb6378f';

const READ = [
	'Calendar.Event.Read',
	'Calendar.EventSchedule.Read',
	'Calendar.Calendar.Read',
	'Calendar.Acl.Read',
	'VideoConference.Conference.Read',
];
const WRITE = ['Calendar.Event.Write', 'Calendar.Calendar.Write', 'Calendar.Acl.Write'];
const CONTACTS = [
	'Contact.User.Read',
	'Contact.User.mobile',
	'qyapi_get_member',
	'qyapi_get_member_by_mobile',
	'qyapi_addresslist_search',
	'qyapi_get_department_member',
	'qyapi_get_department_list',
];
const TOKENS = ['qyapi_base', 'open_app_api_base'];

const without = (scopes: string[], ...closed: string[]): string[] => scopes.filter((scope) => !closed.includes(scope));

/** A sample secret, valid only for simulators. */
const app = (clientId: string, appType: App['appType'], scopes: string[]): App => ({
	clientId,
	clientSecret: 'sim-secret',
	corpId: CORP_ID,
	appType,
	scopes,
});

export const seedApps = (): App[] => [
	app('sim-internal', 'internal', [...READ, ...WRITE, ...CONTACTS, ...TOKENS, 'isvapi_base']),
	app('sim-readonly', 'internal', [...READ, ...CONTACTS, ...TOKENS]),
	// A third-party enterprise app cannot have these three permissions.
	app('sim-thirdparty', 'thirdPartyEnterprise', [
		...without(
			[...READ, ...WRITE, ...CONTACTS],
			'Calendar.Acl.Read',
			'Calendar.Acl.Write',
			'qyapi_get_member_by_mobile',
		),
		...TOKENS,
		'isvapi_base',
	]),
	// Acts for one user, so it has access to neither contacts nor rooms of the organization.
	app('sim-personal', 'thirdPartyPersonal', [
		...without([...READ, ...WRITE], 'VideoConference.Conference.Read'),
		'Contact.User.Read',
		'Contact.User.mobile',
		'open_app_api_base',
	]),
];
