/** How much of a calendar somebody else sees. */
export const PRIVILEGES = ['free_busy_reader', 'title_reader', 'reader', 'writer'] as const;

export const privilegeOptions = [
	{ name: 'Edit Events', value: 'writer' },
	{ name: 'See All Details', value: 'reader' },
	{ name: 'See Only Free and Busy', value: 'free_busy_reader' },
	{ name: 'See Titles', value: 'title_reader' },
];
