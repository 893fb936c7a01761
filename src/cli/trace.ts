import { withHosts } from '../apply/session.js';
import { EXIT } from '../errors.js';
import { FRAME_CLASSES, type FrameClass } from '../frames/classes.js';
import { wire } from '../plan/wire.js';
import { formatTrace } from '../report/terminal/trace.js';
import { traceFrame } from '../verify/run/trace.js';
import { defineCommand, UsageError } from './define.js';
import { askKernel, checkOf, frameOptions, kernelOption } from './frame-options.js';
import { modelFacts } from '../apply/model-facts.js';
import { findPlaces, labOption } from './places.js';
import { demandBuilt } from './target.js';

interface Arguments {
  readonly from: string;
  readonly to: string;
  readonly frame: FrameClass;
  readonly vlan?: number | undefined;
  readonly payload?: number | undefined;
  readonly lab?: string;
  readonly kernel: boolean;
}

export const trace = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    from: {
      describe: '`sw1:eth1`, or `sw1` for the device that is nearest to the other end',
      takes: 'port',
    },
    to: {
      describe: 'Where it must arrive, likewise; `sw1/c1` is an inner namespace',
      takes: 'port',
    },
  },
  options: {
    frame: {
      type: 'string',
      choices: FRAME_CLASSES,
      default: 'unicast-own',
      describe: 'Class of the frame',
    },
    ...frameOptions,
    ...kernelOption,
    ...labOption,
  },
  examples: [
    ['$0 trace sw1:eth1 sw2:eth1 --frame lacp', 'does LACP get through, and where not?'],
    ['$0 trace sw1 sw2/c1 --frame arp-request --json', 'for a program'],
  ],
  async run({ frame, vlan, payload, kernel, lab: name, ...asked }, context) {
    const { stored, places } = await findPlaces([asked.from, asked.to], name);
    const { lab, plan } = stored;
    const [from = '', to = ''] = places;
    if (from === to)
      throw new UsageError(`A frame from \`${from}\` to itself crosses no cable: name two places.`);
    demandBuilt(stored);
    const check = checkOf({ probe: 'frame', class: frame, vlan, payload }, from, to);
    const wiring = wire(lab, await modelFacts(lab, context));
    const { signal } = context;
    const asking = askKernel(kernel, context);
    const result = await withHosts(plan, (hosts) =>
      traceFrame(lab, wiring, hosts, check, { signal, kernel: asking }),
    );
    if (context.json) context.printJson({ version: 1, lab: lab.name, class: frame, ...result });
    else context.print(formatTrace(lab.name, frame, result, context.columns));
    if (result.arrived === null) return EXIT.unknown;
    return result.arrived ? EXIT.ok : EXIT.verdict;
  },
});
