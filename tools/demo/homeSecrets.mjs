/** The password and the encryption key of a demo's n8n: random, made with its folder, and kept in it. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `isNew` says that they were made just now, so that they are printed once. */
export function homeSecrets(userFolder) {
	const file = join(userFolder, 'demo-secrets.json');
	if (existsSync(file)) return { ...JSON.parse(readFileSync(file, 'utf8')), isNew: false };
	if (existsSync(join(userFolder, '.n8n/config'))) {
		throw new Error(
			`The demo in ${userFolder} has no key of its own. Remove this folder, or use --fresh, to start over.`,
		);
	}
	// n8n asks for a capital letter and a digit.
	const secrets = {
		password: `Demo-1${randomBytes(12).toString('base64url')}`,
		encryptionKey: randomBytes(24).toString('hex'),
	};
	mkdirSync(userFolder, { recursive: true });
	writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
	return { ...secrets, isNew: true };
}
