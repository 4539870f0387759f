/** Drives the lookups of people and departments with DingTalk's official client against the simulator. */
import * as contact from '@alicloud/dingtalk/dist/contact_1_0/client';

import { runtime } from './sdk';
import { useStage } from './stage';

const stage = useStage();

it('getUser returns the user that a token belongs to', async () => {
	const { token, unionId } = await stage.self(4);
	const headers = new contact.GetUserHeaders({ xAcsDingtalkAccessToken: token });
	const { body } = await stage.sdk.contact.getUserWithOptions('me', headers, runtime);
	expect(body).toMatchObject({ unionId, nick: stage.person(4).name });
});

it('searchUser finds all users with a name', async () => {
	const { token } = await stage.user();
	const request = new contact.SearchUserRequest({ queryWord: '张伟', offset: 0, size: 10 });
	const headers = new contact.SearchUserHeaders({ xAcsDingtalkAccessToken: token });
	const { body } = await stage.sdk.contact.searchUserWithOptions(request, headers, runtime);
	expect(body?.totalCount).toBe(2);
	expect(body?.hasMore).toBe(false);
	expect(body?.list).toHaveLength(2);
});

it('searchDepartment finds departments by name', async () => {
	const { token } = await stage.user();
	const [, department] = stage.world.company.departments;
	const request = new contact.SearchDepartmentRequest({ queryWord: department.name, offset: 0, size: 10 });
	const headers = new contact.SearchDepartmentHeaders({ xAcsDingtalkAccessToken: token });
	const { body } = await stage.sdk.contact.searchDepartmentWithOptions(request, headers, runtime);
	expect(body?.list).toContain(department.departmentId);
});
