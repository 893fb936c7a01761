import type { Section } from '../section.js';
import { change } from './change.js';
import { chain } from './chain.js';
import { guests } from './guests.js';
import { plan } from './plan.js';
import { rootless } from './rootless.js';
import { start } from './start.js';
import { throughput } from './throughput.js';
import { verify } from './verify.js';

/** Every section, in the order in which they run. */
export const sections: readonly Section[] = [
  start,
  chain,
  rootless,
  change,
  verify,
  plan,
  guests,
  throughput,
];
