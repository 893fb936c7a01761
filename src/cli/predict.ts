import { EXIT } from '../errors.js';
import { hearingOn } from '../hops/hearing.js';
import { ANY_FACTS } from '../links/define.js';
import { choicesOf, tellChoices } from '../plan/choices.js';
import { pairsOf, type PairFilter } from '../plan/pairs.js';
import { wire } from '../plan/wire.js';
import { prepareChecks } from '../probes/prepare.js';
import { formatMatrix, matrixJson } from '../report/prediction-matrix.js';
import { wrapText } from '../report/text.js';
import type { Lab } from '../topology/lab.js';
import { loadTopology } from '../topology/load.js';
import { didYouMean } from '../topology/suggest.js';
import { defineCommand, UsageError } from './define.js';

const place = (side: string) =>
  ({
    type: 'string',
    requiresArg: true,
    describe: `Every pair ${side} this place, cable or not: \`sw1:eth1\`, \`sw1\` or \`sw1/c1\``,
  }) as const;

export const predict = defineCommand<{ file: string } & PairFilter>({
  command: 'predict <file>',
  describe: 'Who hears whom, class by class, and where and why the rest dies. Reads the file alone',
  positionals: { file: { describe: 'Topology, YAML or TypeScript' } },
  options: {
    all: {
      type: 'boolean',
      default: false,
      describe: 'All pairs that layer 2 joins, not only cables and checks',
    },
    from: place('from'),
    to: place('to'),
  },
  examples: [
    ['$0 predict topologies/macvtap-arp-relay.yaml', 'each cable, both ways'],
    ['$0 predict lab.yaml --from sw1/c1', 'who hears the container behind sw1'],
  ],
  async run({ file, all, from, to }, context) {
    const { lab } = await loadTopology(file);
    demandPlaces(lab, [from, to]);
    const wiring = wire(lab, ANY_FACTS);
    const { checks } = prepareChecks(lab, wiring.model);
    const pairs = pairsOf(lab, wiring, checks, { all, from, to }).map(({ path, link }) => ({
      link,
      ...hearingOn(wiring.model, path),
    }));
    if (context.json)
      context.printJson({
        ...{ version: 1, lab: lab.name, pairs: matrixJson(pairs) },
        choices: choicesOf(lab),
      });
    else context.print([formatMatrix(lab.name, pairs), ...chosen(lab)].join('\n'));
    return EXIT.ok;
  },
});

/** What links of kind `auto` became, after an empty line. */
const chosen = (lab: Lab): readonly string[] => {
  const lines = tellChoices(lab).map((line) => wrapText(/^ */.exec(line)?.[0] ?? '', line.trim()));
  return lines.length === 0 ? [] : ['', ...lines];
};

/** @throws UsageError for a place that the lab does not have */
function demandPlaces(lab: Lab, places: readonly (string | undefined)[]): void {
  const stacks = lab.nodes.flatMap((node) => node.stacks.map(({ id }) => id));
  for (const given of places) {
    const stack = given?.split(':')[0];
    if (stack === undefined || stacks.includes(stack)) continue;
    throw new UsageError(`The lab has no \`${stack}\`: ${didYouMean(stack, stacks)}`);
  }
}
