import type { ControllerKind } from '../controllers/define.js';
import { predictDiscovery } from '../controllers/discovery.js';
import { controllerKind, controllerKinds } from '../controllers/index.js';
import { switchesIn } from '../controllers/switches.js';
import { EXIT } from '../errors.js';
import { FRAME_CLASSES } from '../frames/classes.js';
import { hearingOn } from '../hops/hearing.js';
import { choicesOf, tellChoices } from '../plan/choices.js';
import { pairsOf, type PairFilter } from '../plan/pairs.js';
import { wire, type Wiring } from '../plan/wire.js';
import { probeKinds } from '../probes/index.js';
import { prepareChecks } from '../probes/prepare.js';
import { discoveryJson, formatDiscovery } from '../report/terminal/discovery.js';
import { formatMatrix, matrixJson } from '../report/terminal/prediction-matrix.js';
import { formatKept, predictedJson } from '../report/terminal/predicted-checks.js';
import { proseWidth, wrapText } from '../report/terminal/text.js';
import { formatWalks } from '../report/terminal/walk.js';
import { walksJson } from '../report/walk-json.js';
import type { Lab } from '../topology/lab.js';
import { didYouMean } from '../topology/suggest.js';
import { defineCommand, UsageError } from './define.js';
import { frameOptions } from './frame-options.js';
import { demandWalk, hasPort, predictWalks, type WalkArguments } from './predict-walk.js';
import { modelFacts } from '../apply/model-facts.js';
import { tellRings } from './rings.js';
import { meantBy } from './target.js';

/** Probes of which nothing has to be said but their kind, and a port. */
const PROBES = probeKinds
  .filter(
    ({ kind, schema }) =>
      schema.safeParse({ probe: kind, ...(hasPort({ schema }) && { port: 1 }) }).success,
  )
  .map(({ kind }) => kind);

type Arguments = WalkArguments &
  PairFilter & { readonly file: string; readonly each: boolean; readonly controller?: string };

export const predict = defineCommand<Arguments>({
  needsRoot: false,
  positionals: {
    file: {
      describe:
        'Topology, YAML or TypeScript; or the name of a lab that is up, or of one of `patchlab labs`',
      takes: 'topology',
    },
  },
  options: {
    from: {
      type: 'string',
      describe:
        'Follow one frame from this place, hop by hop, with all side branches: `sw1:eth1`, `sw1` or `sw1/c1`; with --all only pairs from there',
      takes: 'port',
    },
    to: {
      type: 'string',
      describe: 'Where it is to arrive, likewise; without it the frame is one for all',
      takes: 'port',
    },
    frame: {
      type: 'string',
      choices: FRAME_CLASSES,
      describe: 'Class of the frame; LLDP when left out',
    },
    ...frameOptions,
    probe: {
      type: 'string',
      choices: PROBES,
      describe: 'All frames of a probe instead, one after the other, on every segment and back',
    },
    port: {
      type: 'number',
      describe: 'Port that the probe goes to (`tcp`, `udp` and groups)',
    },
    controller: {
      type: 'string',
      choices: controllerKinds.map(({ kind }) => kind),
      describe:
        'Which links a controller of that kind sees between the switches of the file, by the frames that it discovers with',
    },
    each: {
      type: 'boolean',
      describe: 'A line for each pair of a link, however many are alike',
    },
    all: {
      type: 'boolean',
      describe: 'A table of all pairs that layer 2 joins, not only cables and checks',
    },
  },
  examples: [
    ['$0 predict macvtap-arp-relay', 'each cable, both ways'],
    [
      '$0 predict vlan-filter --from sw1/c1 --frame arp-request',
      'who hears a broadcast, and where its copies end',
    ],
    [
      '$0 predict three-routers --from a --to b --probe icmp',
      'a ping over three routers, hop by hop',
    ],
    [
      '$0 predict ports --from client --to server --probe tcp --port 80',
      'a connection, segment by segment',
    ],
    [
      '$0 predict os-ken-discovery --controller pox',
      'the links that a controller finds between OpenFlow switches',
    ],
    [
      '$0 predict macvtap-arp-relay --all --from sw1/c1',
      'what everybody hears of the container behind sw1',
    ],
  ],
  async run(args, context) {
    const { file, all, each, from, to } = args;
    const isWalk = demandWalk(args);
    const { lab, source, ...said } = await meantBy(file, context);
    const { signal, columns } = context;
    const wiring = wire(lab, await modelFacts(lab, { signal, source }));
    demandPlaces(lab, wiring, [from, to]);
    const warnings = [...said.warnings, ...tellRings(wiring, source, context)];
    const ofTheFile = { choices: choicesOf(lab), warnings };
    const empty = { version: 1, lab: lab.name, pairs: [], checks: [], walks: [], discovery: null };
    if (args.controller !== undefined) {
      const told = predictController(lab, wiring, controllerKind(args.controller));
      if (context.json)
        context.printJson({ ...empty, ...ofTheFile, discovery: discoveryJson(told) });
      else context.print(formatDiscovery(lab.name, told, proseWidth(columns)));
      return EXIT.ok;
    }
    if (isWalk) {
      const told = predictWalks(lab, wiring, args);
      const walks = walksJson(told);
      if (context.json) context.printJson({ ...empty, ...ofTheFile, walks });
      else context.print(formatWalks(lab.name, told, columns));
      return EXIT.ok;
    }
    const { checks } = prepareChecks(lab, wiring.model);
    const pairs = pairsOf(lab, wiring, checks, { all, from, to }).map(({ path, link }) => ({
      link,
      ...hearingOn(wiring.model, path),
    }));
    if (context.json)
      context.printJson({
        ...empty,
        ...{ pairs: matrixJson(pairs), checks: predictedJson(checks) },
        ...ofTheFile,
      });
    else {
      const text = formatMatrix(lab.name, pairs, { each, columns });
      const kept = formatKept(checks, proseWidth(columns));
      context.print([text, ...kept, ...chosen(lab, columns)].join('\n'));
    }
    return EXIT.ok;
  },
});

/** What a controller of a kind sees: between the switches that have one, or all where none does. */
function predictController(lab: Lab, { model, graph }: Wiring, kind: ControllerKind) {
  const all = switchesIn(graph);
  const own = all.filter(({ controllers }) => controllers.length > 0);
  return { kind, links: predictDiscovery(lab, model, kind, own.length > 0 ? own : all) };
}

/** What links of kind `auto` became, after an empty line. */
const chosen = (lab: Lab, columns: number | undefined): readonly string[] => {
  const lines = tellChoices(lab).map((line) =>
    wrapText(/^ */.exec(line)?.[0] ?? '', line.trim(), proseWidth(columns)),
  );
  return lines.length === 0 ? [] : ['', ...lines];
};

/** @throws UsageError for a place that the lab does not have */
function demandPlaces(lab: Lab, { graph }: Wiring, places: readonly (string | undefined)[]): void {
  const stacks = lab.nodes.flatMap((node) => node.stacks.map(({ id }) => id));
  for (const given of places) {
    const [stack, device, more] = given?.split(':') ?? [];
    if (stack === undefined) continue;
    if (more !== undefined)
      throw new UsageError(`\`${given}\` is no place: write a node, or a port as \`node:port\`.`);
    if (!stacks.includes(stack))
      throw new UsageError(`The lab has no \`${stack}\`: ${didYouMean(stack, stacks)}`);
    const devices = (graph.stacks.get(stack) ?? []).map((hop) => hop.device);
    if (device !== undefined && !devices.includes(device))
      throw new UsageError(`\`${stack}\` has no \`${device}\`: ${didYouMean(device, devices)}`);
  }
}
