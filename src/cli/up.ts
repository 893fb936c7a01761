import { asInFile } from '../topology/live.js';
import { bringUp, type BringUpAsked } from './bring-up.js';
import { defineCommand } from './define.js';
import { inGuestOption, planFor } from './planned.js';
import { demandNoRings } from '../plan/rings.js';
import { startClock } from './timings.js';

interface Options extends BringUpAsked {
  readonly file: string;
  readonly 'dry-run': boolean;
  readonly 'in-guest': boolean;
}

export const up = defineCommand<Options>({
  needsRoot: true,
  positionals: {
    file: {
      describe:
        'Topology, YAML or TypeScript; or the name of a lab that is up, or of one of `patchlab labs`',
      takes: 'topology',
    },
  },
  options: {
    cold: {
      type: 'boolean',
      describe: 'Boot every guest, rather than start it from the stored state of one of its shape',
    },
    'dry-run': {
      type: 'boolean',
      describe: 'Only tell what would be made, changed and removed, and why',
    },
    ...inGuestOption,
    'no-verify': {
      type: 'boolean',
      describe: 'Do not verify again what a change of a lab that is up has touched',
    },
    timings: { type: 'boolean', describe: 'Show where the time went' },
  },
  examples: [
    ['$0 up lldp-direct', 'two guests on a cable'],
    ['$0 up macvlan-modes --in-guest', "all of it in a guest, on the guest's kernel"],
    [
      '$0 up namespace-cable --rootless',
      'as a user who is not root does without the option: nothing of it is on this machine',
    ],
    [
      '$0 up lldp-direct --dry-run',
      'what would be done, also to a lab that is up and whose file was edited',
    ],
  ],
  async run({ file, 'dry-run': dryRun, 'in-guest': inGuest, ...options }, context) {
    const clock = startClock();
    clock.lap('start');
    const { lab, facts, plan, wiring, source } = await planFor(file, context, {
      ...{ prepare: true, inGuest },
      // It is to be as its file has it, whole.
      asItIs: asInFile,
    });
    demandNoRings(lab, wiring, source);
    clock.lap('read and plan');
    return bringUp({ lab, facts, plan, wiring }, { ...options, dryRun, clock }, context);
  },
});
