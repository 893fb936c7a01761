import type { CliCommand, CommandGroup } from './define.js';
import { doctor } from './doctor.js';
import { down } from './down.js';
import { console_, exec } from './exec.js';
import { graph } from './graph.js';
import { guest } from './guest.js';
import { matrix } from './matrix.js';
import { neighbors } from './neighbors.js';
import { plan } from './plan.js';
import { predict } from './predict.js';
import { list, status } from './status.js';
import { trace } from './trace.js';
import { up } from './up.js';
import { verify } from './verify.js';

/** Every command, in the order of the help. */
export const commands: readonly (CliCommand<never> | CommandGroup)[] = [
  up,
  verify,
  trace,
  neighbors,
  down,
  status,
  list,
  exec,
  console_,
  matrix,
  plan,
  graph,
  predict,
  doctor,
  guest,
];
