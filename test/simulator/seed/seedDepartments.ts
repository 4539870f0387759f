/** The departments that a new simulator has. */
import type { Department } from '../company';

export const department = {
	root: 1,
	research: 510_010_001,
	frontEnd: 510_010_011,
	backEnd: 510_010_012,
	humanResources: 510_010_002,
	sales: 510_010_003,
	administration: 510_010_004,
} as const;

export const seedDepartments = (): Department[] => [
	{ departmentId: department.root, name: '云帆科技', parentId: 0 },
	{ departmentId: department.research, name: '研发中心', parentId: department.root },
	{ departmentId: department.frontEnd, name: '前端组', parentId: department.research },
	{ departmentId: department.backEnd, name: '后端组', parentId: department.research },
	{ departmentId: department.humanResources, name: '人力资源部', parentId: department.root },
	{ departmentId: department.sales, name: '市场销售部', parentId: department.root },
	{ departmentId: department.administration, name: '行政财务部', parentId: department.root },
];
