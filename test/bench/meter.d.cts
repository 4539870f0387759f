/** The types of the meter of processor time and memory. */
export function startMeter(): () => { cpuMs: number; peakHeapMB: number; peakMemoryMB: number };
