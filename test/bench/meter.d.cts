export function startMeter(): () => { cpuMs: number; peakHeapMB: number };
