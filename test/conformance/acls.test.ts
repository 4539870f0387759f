/** Drives the calls that share calendars with DingTalk's official client against the simulator. */
import { Member } from './member';
import { invalidParameter, itemNotFound, refusalOf } from './refusal';
import { at, meeting } from './samples';
import { useStage } from './stage';
import type { Fields } from './user';

const stage = useStage();
const member = async (index: number): Promise<Member> => Member.of(await stage.user(index));

const DAY = { timeMin: '2026-03-02T00:00:00+08:00', timeMax: '2026-03-03T00:00:00+08:00' };

const grant = (userId: string, privilege = 'reader'): Fields => ({
	privilege,
	sendMsg: false,
	scope: { scopeType: 'user', userId },
});

/** The owner's calendar, as the reader may name it. */
async function opened(owner: Member, reader: Member, privilege: string): Promise<Member> {
	await owner.share(grant(reader.unionId, privilege));
	const shared = (await reader.calendars()).find(({ type }) => type === 'shared');
	return reader.on(shared?.id ?? '');
}

describe('Sharing a calendar (createAcls, listAcls)', () => {
	it.each(['free_busy_reader', 'title_reader', 'reader', 'writer'])(
		'gives a %s access to the calendar',
		async (privilege) => {
			const [owner, reader] = [await member(0), await member(1)];
			const acl = await owner.share(grant(reader.unionId, privilege));
			expect(acl).toMatchObject({ privilege, scope: { scopeType: 'user', userId: reader.unionId } });
			expect(await owner.shares()).toEqual([acl]);
			expect(await reader.shares()).toEqual([]);
		},
	);

	it.each<[string, Fields]>([
		['a missing privilege', { privilege: undefined }],
		['the privilege of an owner', { privilege: 'owner' }],
		['a missing scope', { scope: undefined }],
		['a scope that is not a user', { scope: { scopeType: 'group', userId: 'x' } }],
		['a missing user', { scope: { scopeType: 'user' } }],
		['a user given by userId', { scope: { scopeType: 'user', userId: 'manager4220' } }],
		['a missing sendMsg', { sendMsg: undefined }],
	])('is refused for %s', async (_name, fields) => {
		const owner = await member(0);
		expect(await refusalOf(owner.share({ ...grant(stage.person(1).unionId), ...fields }))).toEqual(invalidParameter());
	});

	it('is refused beyond 500 people', async () => {
		stage.hire(501);
		const owner = await member(0);
		for (let i = 0; i < 500; i++) await owner.share(grant(`hired${i}`));
		expect(await refusalOf(owner.share(grant('hired500')))).toEqual(invalidParameter('shareExceedLimit'));
		expect(await owner.shares()).toHaveLength(500);
	});

	it('is refused to third-party enterprise apps and needs its own permissions', async () => {
		const vendor = Member.of(await stage.user(0, 'sim-thirdparty'));
		const write = { status: 403, requiredScopes: ['Calendar.Acl.Write'] };
		expect(await refusalOf(vendor.share(grant(stage.person(1).unionId)))).toMatchObject(write);
		expect(await refusalOf(vendor.unshare('any'))).toMatchObject(write);
		expect(await refusalOf(vendor.shares())).toMatchObject({ status: 403, requiredScopes: ['Calendar.Acl.Read'] });
		// Not even with the permission.
		await stage.control('apps', { clientId: 'sim-thirdparty', scopes: ['Calendar.Acl.Read', 'Calendar.Acl.Write'] });
		expect(await refusalOf(vendor.shares())).toMatchObject({ status: 403 });
	});

	it('is allowed to an app that acts for the user', async () => {
		const owner = Member.of(await stage.self(0, 'sim-personal'));
		await owner.share(grant(stage.person(1).unionId));
		expect(await owner.shares()).toHaveLength(1);
	});
});

describe('Revoking a share (deleteAcl)', () => {
	it("removes the calendar from the other user's list", async () => {
		const [owner, reader] = [await member(0), await member(1)];
		const calendar = await opened(owner, reader, 'reader');
		const [{ aclId = '' }] = await owner.shares();
		expect(await owner.unshare(aclId)).toBe('');
		expect(await owner.shares()).toEqual([]);
		expect(await refusalOf(calendar.view(DAY))).toEqual(itemNotFound);
	});

	it('is refused for an unknown share and for the share of another calendar', async () => {
		const [owner, other] = [await member(0), await member(1)];
		const { aclId = '' } = await owner.share(grant(other.unionId));
		expect(await refusalOf(other.unshare(aclId))).toEqual(invalidParameter());
		expect(await refusalOf(owner.unshare('nothing'))).toEqual(invalidParameter());
	});
});

describe('A shared calendar', () => {
	const full = meeting({ description: 'What went well', location: { displayName: 'Roof' } });

	it('shows only times to a free/busy reader', async () => {
		const [owner, reader] = [await member(0), await member(1)];
		const id = await owner.createId(full);
		const calendar = await opened(owner, reader, 'free_busy_reader');
		const { events = [] } = await calendar.view(DAY);
		const seen = {
			id,
			status: 'confirmed',
			isAllDay: false,
			start: at('2026-03-02T10:00:00+08:00'),
			end: at('2026-03-02T11:00:00+08:00'),
		};
		expect(events).toEqual([seen]);
		expect(await calendar.get(id)).toEqual(seen);
		expect(await refusalOf(calendar.attendees(id))).toEqual(invalidParameter());
	});

	it('shows times and titles to a title reader', async () => {
		const [owner, reader] = [await member(0), await member(1)];
		const id = await owner.createId(full);
		const seen = await (await opened(owner, reader, 'title_reader')).get(id);
		expect(seen.summary).toBe('Weekly review');
		expect([seen.description, seen.attendees, seen.organizer, seen.location]).toEqual([
			undefined,
			undefined,
			undefined,
			undefined,
		]);
	});

	it('shows all details to a reader, with "self" false', async () => {
		const [owner, reader] = [await member(0), await member(1)];
		const id = await owner.createId(full);
		const calendar = await opened(owner, reader, 'reader');
		expect(await calendar.get(id)).toMatchObject({ ...full, organizer: { id: owner.unionId, self: false } });
		expect((await calendar.list()).events).toMatchObject([{ id, description: 'What went well' }]);
		expect((await calendar.attendees(id)).attendees).toMatchObject([{ id: owner.unionId, self: false }]);
	});

	it('can be changed by a writer, and not with a lower privilege', async () => {
		const [owner, writer, reader] = [await member(0), await member(1), await member(2)];
		const id = await owner.createId(full);
		const forWriter = await opened(owner, writer, 'writer');
		const forReader = await opened(owner, reader, 'reader');
		expect(await forWriter.patch(id, { summary: 'Changed' })).toMatchObject({
			summary: 'Changed',
			organizer: { self: false },
		});
		const created = await forWriter.create(meeting());
		expect(created.organizer?.id).toBe(owner.unionId);
		expect(await forWriter.delete(created.id ?? '')).toBe('');
		expect((await owner.view(DAY)).events).toMatchObject([{ id, summary: 'Changed' }]);
		const denied = { status: 403, code: 'permissionDenied' };
		expect(await refusalOf(forReader.patch(id, { summary: 'Mine' }))).toMatchObject(denied);
		expect(await refusalOf(forReader.create(meeting()))).toMatchObject(denied);
		expect(await refusalOf(forReader.delete(id))).toMatchObject(denied);
	});

	it('does not let even a writer respond to invitations', async () => {
		const [owner, writer] = [await member(0), await member(1)];
		const id = await owner.createId(full);
		expect(await refusalOf((await opened(owner, writer, 'writer')).respond(id, 'accepted'))).toEqual(itemNotFound);
	});

	it('is refused by calls that accept only the primary calendar', async () => {
		const [owner, reader] = [await member(0), await member(1)];
		const calendar = await opened(owner, reader, 'reader');
		await stage.set({ sharedCalendarIds: 'primaryOnly' });
		expect(await refusalOf(calendar.view(DAY))).toEqual(itemNotFound);
	});
});
