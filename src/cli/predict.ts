import { EXIT } from '../errors.js';
import { hearingOn } from '../hops/hearing.js';
import { choicesOf, tellChoices } from '../plan/choices.js';
import { pairsOf, type PairFilter } from '../plan/pairs.js';
import { wire } from '../plan/wire.js';
import { prepareChecks } from '../probes/prepare.js';
import { formatMatrix, matrixJson } from '../report/terminal/prediction-matrix.js';
import { formatKept, predictedJson } from '../report/terminal/predicted-checks.js';
import { proseWidth, wrapText } from '../report/terminal/text.js';
import type { Lab } from '../topology/lab.js';
import { didYouMean } from '../topology/suggest.js';
import { defineCommand, UsageError } from './define.js';
import { modelFacts } from './model-facts.js';
import { tellRings } from './rings.js';
import { meantBy } from './target.js';

const place = (side: string) =>
  ({
    type: 'string',
    describe: `Every pair ${side} this place, cable or not: \`sw1:eth1\`, \`sw1\` or \`sw1/c1\``,
  }) as const;

export const predict = defineCommand<{ file: string; each: boolean } & PairFilter>({
  needsRoot: false,
  positionals: {
    file: { describe: 'Topology, YAML or TypeScript; or the name of a lab that is up' },
  },
  options: {
    each: {
      type: 'boolean',
      describe: 'A line for each pair of a link, however many are alike',
    },
    all: {
      type: 'boolean',
      describe: 'All pairs that layer 2 joins, not only cables and checks',
    },
    from: place('from'),
    to: place('to'),
  },
  examples: [
    ['$0 predict topologies/macvtap-arp-relay.yaml', 'each cable, both ways'],
    [
      '$0 predict topologies/macvtap-arp-relay.yaml --from sw1/c1',
      'who hears the container behind sw1',
    ],
  ],
  async run({ file, all, each, from, to }, context) {
    const { lab, source, ...said } = await meantBy(file, context);
    const { signal, columns } = context;
    demandPlaces(lab, [from, to]);
    const wiring = wire(lab, await modelFacts(lab, { signal, source }));
    const warnings = [...said.warnings, ...tellRings(wiring, source, context)];
    const { checks } = prepareChecks(lab, wiring.model);
    const pairs = pairsOf(lab, wiring, checks, { all, from, to }).map(({ path, link }) => ({
      link,
      ...hearingOn(wiring.model, path),
    }));
    if (context.json)
      context.printJson({
        ...{ version: 1, lab: lab.name, pairs: matrixJson(pairs), checks: predictedJson(checks) },
        choices: choicesOf(lab),
        warnings,
      });
    else {
      const text = formatMatrix(lab.name, pairs, { each, columns });
      const kept = formatKept(checks, proseWidth(columns));
      context.print([text, ...kept, ...chosen(lab, columns)].join('\n'));
    }
    return EXIT.ok;
  },
});

/** What links of kind `auto` became, after an empty line. */
const chosen = (lab: Lab, columns: number | undefined): readonly string[] => {
  const lines = tellChoices(lab).map((line) =>
    wrapText(/^ */.exec(line)?.[0] ?? '', line.trim(), proseWidth(columns)),
  );
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
