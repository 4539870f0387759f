/** Starts n8n's memory afresh between two engines of one test. */
import { join } from 'node:path';

interface NativeModules {
	forgetPackage(): void;
	require(path: string): unknown;
}

const nativeModules = (): NativeModules =>
	(globalThis as unknown as Record<symbol, NativeModules>)[Symbol.for('nativeModules')];

/** Engines that are started afterwards load the package anew, as after a restart of n8n. */
export function forgetPackage(): void {
	nativeModules().forgetPackage();
}

/** A module of the package as n8n has loaded it; `path` is the one of its source, without its ending. */
export const loadedModule = (path: string): unknown =>
	(nativeModules().require(join(__dirname, '../../../dist/modules.js')) as (path: string) => unknown)(path);
