/** The people that a new simulator has. */
import { createHash } from 'node:crypto';

import type { Person } from '../company';
import { department } from './seedDepartments';

const { root, research, frontEnd, backEnd, humanResources, sales, administration } = department;

/** Name, pinyin, title, departments. 张伟 occurs twice, because two people can share a name. */
const STAFF: Array<[name: string, pinyin: string, title: string, ...departmentIds: number[]]> = [
	['陈志远', 'chenzhiyuan', '总经理', root],
	['林晓彤', 'linxiaotong', '总经理助理', root, administration],
	['王建国', 'wangjianguo', '研发总监', research],
	['李文博', 'liwenbo', '架构师', research],
	['赵雅琴', 'zhaoyaqin', '项目经理', research],
	['孙宏亮', 'sunhongliang', '测试经理', research],
	['周梓涵', 'zhouzihan', '测试工程师', research],
	['吴佳怡', 'wujiayi', '测试工程师', research],
	['郑凯', 'zhengkai', '运维工程师', research],
	['冯思远', 'fengsiyuan', '运维工程师', research],
	['张伟', 'zhangwei', '前端组长', frontEnd, research],
	['刘思琪', 'liusiqi', '前端工程师', frontEnd],
	['黄子轩', 'huangzixuan', '前端工程师', frontEnd],
	['何雨桐', 'heyutong', '前端工程师', frontEnd],
	['高俊杰', 'gaojunjie', '前端工程师', frontEnd],
	['罗静怡', 'luojingyi', '前端工程师', frontEnd],
	['梁浩然', 'lianghaoran', '前端工程师', frontEnd],
	['宋依诺', 'songyinuo', '交互设计师', frontEnd],
	['唐一鸣', 'tangyiming', '视觉设计师', frontEnd],
	['许诗涵', 'xushihan', '实习生', frontEnd],
	['韩立新', 'hanlixin', '后端组长', backEnd, research],
	['邓超群', 'dengchaoqun', '后端工程师', backEnd],
	['曹欣妍', 'caoxinyan', '后端工程师', backEnd],
	['彭宇航', 'pengyuhang', '后端工程师', backEnd],
	['曾国强', 'zengguoqiang', '后端工程师', backEnd],
	['肖雨萱', 'xiaoyuxuan', '后端工程师', backEnd],
	['田明辉', 'tianminghui', '后端工程师', backEnd],
	['董子墨', 'dongzimo', '数据工程师', backEnd],
	['袁可欣', 'yuankexin', '数据工程师', backEnd],
	['潘启明', 'panqiming', '后端工程师', backEnd],
	['蒋雨晴', 'jiangyuqing', '实习生', backEnd],
	['蔡文静', 'caiwenjing', '人力资源总监', humanResources],
	['余晓峰', 'yuxiaofeng', '招聘经理', humanResources],
	['杜若溪', 'duruoxi', '招聘专员', humanResources],
	['叶俊豪', 'yejunhao', '培训经理', humanResources],
	['程婉婷', 'chengwanting', '培训专员', humanResources],
	['苏明哲', 'sumingzhe', '薪酬专员', humanResources],
	['魏嘉欣', 'weijiaxin', '员工关系专员', humanResources],
	['吕天翔', 'lvtianxiang', '人事专员', humanResources],
	['丁海燕', 'dinghaiyan', '销售总监', sales],
	['任志强', 'renzhiqiang', '大客户经理', sales],
	['沈雪梅', 'shenxuemei', '大客户经理', sales],
	['姚远', 'yaoyuan', '销售经理', sales],
	['卢晓东', 'luxiaodong', '销售经理', sales],
	['姜美琳', 'jiangmeilin', '销售代表', sales],
	['崔永刚', 'cuiyonggang', '销售代表', sales],
	['钟丽华', 'zhonglihua', '销售代表', sales],
	['谭振宇', 'tanzhenyu', '销售代表', sales],
	['陆佳宁', 'lujianing', '市场经理', sales],
	['汪春晓', 'wangchunxiao', '市场专员', sales],
	['范一帆', 'fanyifan', '市场专员', sales],
	['金秀英', 'jinxiuying', '渠道经理', sales],
	['张伟', 'zhangwei', '渠道专员', sales],
	['石磊', 'shilei', '售前工程师', sales, research],
	['廖慧敏', 'liaohuimin', '行政经理', administration],
	['贾宝山', 'jiabaoshan', '司机', administration],
	['夏晴', 'xiaqing', '前台', administration],
	['韦国栋', 'weiguodong', '采购专员', administration],
	['付晓玲', 'fuxiaoling', '财务经理', administration],
	['方子豪', 'fangzihao', '会计', administration],
	['白若冰', 'bairuobing', '出纳', administration],
	['邹庆云', 'zouqingyun', '法务', administration],
	['熊小宝', 'xiongxiaobao', '网络管理员', administration],
	['欧阳娜娜', 'ouyangnana', '档案管理员', administration],
];

/** People who joined by a manager's invitation have an ID like this instead of a number. */
const INVITED = new Map([
	[0, 'manager4220'],
	[31, 'manager7153'],
	[39, 'manager2608'],
]);

const PREFIXES = ['138', '139', '136', '186', '155', '177', '189', '150'];

export const seedPeople = (): Person[] =>
	STAFF.map(([name, pinyin, title, ...departmentIds], i) => ({
		...IDS[i],
		name,
		pinyin,
		mobile: `${PREFIXES[i % PREFIXES.length]}${String(57_130_207 + i * 1_048_573).slice(0, 8)}`,
		email: `${pinyin}${STAFF.findIndex((other) => other[1] === pinyin) === i ? '' : '2'}@example.com`,
		title,
		departmentIds,
	}));

/** Stable for all simulators, so that examples and tests can refer to people. */
const digest = (purpose: string, i: number): Buffer => createHash('sha256').update(`${purpose} ${i}`).digest();

/** Letters and digits only: a real unionId needs no encoding in a path. */
const unionIdOf = (i: number): string => {
	const characters = digest('unionId', i).toString('base64').replace(/[+/=]/g, '');
	return `${characters.slice(0, 20)}iEiE`;
};

/** 16 to 19 digits, the first of them not 0. */
function userIdOf(i: number): string {
	const digits = String(digest('userId', i).readBigUInt64BE()).padStart(20, '7');
	return `${1 + (i % 9)}${digits.slice(0, 15 + (i % 4))}`;
}

/** Computed once, because tests start many simulators. */
const IDS = STAFF.map((_, i) => ({ unionId: unionIdOf(i), userId: INVITED.get(i) ?? userIdOf(i) }));
