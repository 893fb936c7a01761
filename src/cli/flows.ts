import { withHosts } from '../apply/session.js';
import { EXIT } from '../errors.js';
import { FRAME_CLASSES, type FrameClass } from '../frames/classes.js';
import { rulesOf } from '../hops/kinds/index.js';
import { numberOf, type OvsSettings } from '../hops/openflow/settings.js';
import type { Hop } from '../hops/types.js';
import { wire, type Wiring } from '../plan/wire.js';
import { formatFlows } from '../report/terminal/flows.js';
import { didYouMean } from '../topology/suggest.js';
import { compareTraced, frameAt } from '../verify/switches/decided.js';
import { readTables, traceIn } from '../verify/switches/tables.js';
import { defineCommand, UsageError } from './define.js';
import { modelFacts } from '../apply/model-facts.js';
import { findPlaces, labOption } from './places.js';
import { demandBuilt } from './target.js';

interface Arguments {
  readonly bridge: string;
  readonly frame?: FrameClass;
  readonly in?: string;
  readonly lab?: string;
}

export const flows = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    bridge: { describe: '`sw1`, or `sw1:br0` for one of its bridges', takes: 'stack' },
  },
  options: {
    frame: {
      type: 'string',
      choices: FRAME_CLASSES,
      describe: 'Ask which flow decides on a frame of this class; nothing is sent',
    },
    in: { type: 'string', describe: 'With --frame: the port that it enters by' },
    ...labOption,
  },
  examples: [
    ['$0 flows sw1', 'the tables of its bridges, with what each flow has matched'],
    ['$0 flows sw1:of --frame lldp --in eth1', 'which flow decides, and what the model says'],
  ],
  async run({ bridge: asked, frame: frameClass, in: entry, lab: name }, context) {
    if ((frameClass === undefined) !== (entry === undefined))
      throw new UsageError(
        'Give --frame and --in together: a class, and the port that it enters by.',
      );
    const { stored, places } = await findPlaces([asked], name);
    demandBuilt(stored);
    const { lab, plan } = stored;
    const wiring = wire(lab, await modelFacts(lab, context));
    const bridges = bridgesOf(wiring, places[0] ?? '');
    if (entry !== undefined && bridges.length !== 1)
      throw new UsageError(
        `Name the bridge: ${bridges.map(({ stack, device }) => `\`${stack}:${device}\``).join(', ')}.`,
      );
    const told = await withHosts(plan, (hosts) =>
      Promise.all(
        bridges.map(async (bridge) => {
          const host = { host: hosts.at(bridge.where), netns: bridge.where.netns };
          const tables = await readTables(host, bridge.device);
          const place = { node: bridge.stack, bridge: bridge.device, flows: tables };
          if (frameClass === undefined || entry === undefined) return { ...place, decided: null };
          const port = portOf(wiring, bridge, entry);
          const others = wiring.graph
            .place(bridge.id)
            .ports.filter(({ id, device }) => id !== port.id && device !== bridge.device);
          const made = frameAt(wiring.model, port, others, frameClass);
          const traced = await traceIn(
            host,
            bridge.device,
            numberOf(bridge, port) ?? 0,
            made.bytes,
          );
          return {
            ...place,
            decided: compareTraced(wiring.model, bridge, port, made.frame, traced),
          };
        }),
      ),
    );
    const result = { lab: lab.name, bridges: told };
    if (context.json) context.printJson({ version: 1, ...result });
    else context.print(formatFlows(result));
    return told.some(({ decided }) => decided?.agree === false) ? EXIT.verdict : EXIT.ok;
  },
});

const isBridge = (hop: Hop): hop is Hop<OvsSettings> =>
  rulesOf(hop.kind).isOpenFlow === true && 'ports' in hop.settings;

/** The bridges of a node, or the one that is named. @throws UsageError where there is none */
function bridgesOf({ graph }: Wiring, place: string): readonly Hop<OvsSettings>[] {
  const [stack = '', device] = place.split(':');
  const all = [...graph.hops.values()].filter((hop) => hop.stack === stack).filter(isBridge);
  const found = all.filter((hop) => device === undefined || hop.device === device);
  if (found.length > 0) return found;
  if (all.length === 0)
    throw new UsageError(
      `${stack} has no bridge of Open vSwitch: a device of the kind \`ovs\` is one.`,
    );
  throw new UsageError(
    `${stack} has no bridge \`${device ?? ''}\`. ${didYouMean(
      device ?? '',
      all.map((hop) => hop.device),
    )}`,
  );
}

/** A port of a bridge. @throws UsageError where there is no such port */
function portOf({ graph }: Wiring, bridge: Hop, name: string): Hop {
  const { ports } = graph.place(bridge.id);
  const port = ports.find(({ device }) => device === name);
  if (port) return port;
  throw new UsageError(
    `${bridge.device} has no port \`${name}\`. ${didYouMean(
      name,
      ports.map(({ device }) => device),
    )}`,
  );
}
