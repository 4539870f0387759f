/** Pictures show Chinese names; a machine without a Chinese font shows boxes in their place. */
import { execFileSync } from 'node:child_process';
import { installDebianPackage } from '../services/program.mjs';

const hasChineseFont = () => execFileSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' }).trim() !== '';

export function ensureChineseFont() {
	if (hasChineseFont()) return;
	installDebianPackage('fonts-noto-cjk');
	if (!hasChineseFont()) throw new Error('Pictures need a Chinese font; install fonts-noto-cjk and run this again.');
}
