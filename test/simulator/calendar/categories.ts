/** The event categories of the organization. */
export const CATEGORIES = [
	{ openCategoryId: 'category-work', displayName: 'Work' },
	{ openCategoryId: 'category-interview', displayName: 'Interview' },
	{ openCategoryId: 'category-travel', displayName: 'Business trip' },
	{ openCategoryId: 'category-training', displayName: 'Training' },
];
