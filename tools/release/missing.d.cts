/** The types of the check of what a release still needs. */
interface ReleaseState {
	manifest: { name: string; version: string; homepage: string; author: { email: string }; repository: { url: string } };
	chinese?: { name: string; version: string };
	changelog: string;
	tag?: string;
	texts: Record<string, string>;
	lockfiles: Record<string, object>;
}

export function missingForRelease(state: ReleaseState): string[];
