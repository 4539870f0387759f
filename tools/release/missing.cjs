/** What is missing before a release, as sentences that say what to do. */
const { homeOf, isHomeSet } = require('../build/home.cjs');

/**
 * `chinese` is the manifest of the Chinese edition as built, if it is; `tag` is the tag of the commit, if there is one; `texts` are the documents that link to the project's home, by file name;
 * `lockfiles` are parsed, by path.
 */
function missingForRelease({ manifest, chinese, changelog, tag, texts, lockfiles }) {
	const { name, version, repository } = manifest;
	const home = homeOf(repository);
	const missing = [];
	if (!isHomeSet(home)) {
		missing.push(
			"Set 'repository' and 'homepage' in package.json to the repository that you own, then run `npm run build`.",
		);
	}
	// n8n's rules ask for an address; until the owner gives one, it is in a domain that no one can register.
	if (manifest.author.email.endsWith('.invalid')) {
		missing.push("Set the e-mail address of 'author' in package.json to one that you read.");
	}
	if (!manifest.homepage.startsWith(home)) missing.push("Set 'homepage' in package.json to the same repository.");
	for (const [file, text] of Object.entries(texts)) {
		const foreign = linksToPackage(text, name).filter((link) => !link.startsWith(home));
		if (foreign.length > 0)
			missing.push(`Change the links of ${file} that do not lead to ${home}: ${foreign.join(', ')}`);
	}
	if (!changelog.includes(`## [${version}] - `)) {
		missing.push(`Give the changes in CHANGELOG.md the heading "## [${version}] - ", with the date of the release.`);
	}
	if (/## \[Unreleased\]\s+###/.test(changelog)) {
		missing.push('Move the changes under "Unreleased" in CHANGELOG.md to the version.');
	}
	if (tag !== undefined && tag !== `v${version}`) {
		missing.push(`Tag the release v${version}: the tag ${tag} is not the version in package.json.`);
	}
	if (chinese?.name !== `${name}-zh` || chinese.version !== version) {
		missing.push(`Run \`npm run build\`: the Chinese edition in dist-zh is not ${name}-zh ${version}.`);
	}
	for (const [file, lockfile] of Object.entries(lockfiles)) missing.push(...problemsOfLockfile(file, lockfile));
	return missing;
}

const linksToPackage = (text, name) => text.match(new RegExp(`https://github\\.com/[\\w.-]+/${name}`, 'g')) ?? [];

/** Each package of the registry has a hash, and no address: `npm ci` must work with any registry. */
function problemsOfLockfile(file, { packages }) {
	const entries = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
	const withoutHash = entries.filter(([, { integrity, inBundle }]) => !integrity && !inBundle).map(([path]) => path);
	const withAddress = entries.filter(([, { resolved }]) => /^https?:/.test(resolved ?? '')).map(([path]) => path);
	return [
		...withoutHash.map((path) => `Run npm install again: ${path} has no integrity in ${file}.`),
		...withAddress.map((path) => `Remove the address of ${path} from ${file}.`),
	];
}

module.exports = { missingForRelease };
