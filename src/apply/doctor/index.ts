/** What the rest of patchlab uses of the doctor. */
export { doctorAll } from './all.js';
export { kindsHere } from './kinds.js';
export { checkRequirements, labelOf } from './check.js';
export type { CheckResult } from './define.js';
export { requireHost } from './require.js';
