/** Starts n8n's memory afresh between two engines of one test. */

interface NativeModules {
	forgetPackage(): void;
}

/** Engines that are started afterwards load the package anew, as after a restart of n8n. */
export function forgetPackage(): void {
	(globalThis as unknown as Record<symbol, NativeModules>)[Symbol.for('nativeModules')].forgetPackage();
}
