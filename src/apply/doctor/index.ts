/** What the rest of patchlab uses of the doctor. */
export { doctorAll } from './all.js';
export { type CheckOptions, checkRequirements, labelOf } from './check.js';
export type { CheckResult, HostCheck, Severity } from './define.js';
export { findCheck, hostCheckNames, hostChecks } from './registry.js';
export { requireHost } from './require.js';
