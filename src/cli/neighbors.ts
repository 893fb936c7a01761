import { withHosts } from '../apply/session.js';
import { EXIT } from '../errors.js';
import { ANY_FACTS } from '../links/define.js';
import { wire } from '../plan/wire.js';
import { formatNeighbours } from '../report/terminal/neighbours.js';
import { isAsDeclared } from '../verify/judge/judge-neighbours.js';
import { discoverNeighbours } from '../verify/run/neighbours.js';
import { defineCommand } from './define.js';
import { upLab } from './planned.js';

export const neighbors = defineCommand<{ lab: string; each: boolean }>({
  needsRoot: true,
  positionals: { lab: { describe: 'Name of the lab, or its topology file', takes: 'lab' } },
  options: {
    each: {
      type: 'boolean',
      describe: 'A line for each neighbour of a port, however many are alike',
    },
  },
  examples: [['$0 neighbors lldp-direct', 'is every cable where it should be?']],
  async run({ lab: name, each }, context) {
    const {
      lab,
      stored: { plan },
    } = await upLab(name, context);
    const found = await withHosts(plan, (hosts) =>
      discoverNeighbours(lab, wire(lab, ANY_FACTS), hosts, context.signal),
    );
    if (context.json) context.printJson({ version: 1, lab: lab.name, neighbours: found });
    else context.print(formatNeighbours(lab.name, found, { each, columns: context.columns }));
    const verdicts = found.map(isAsDeclared);
    if (verdicts.includes('unknown')) return EXIT.unknown;
    return verdicts.includes(false) ? EXIT.verdict : EXIT.ok;
  },
});
