import { withHosts } from '../apply/session.js';
import { EXIT } from '../errors.js';
import { ANY_FACTS } from '../links/define.js';
import { wire } from '../plan/wire.js';
import { chooseHops } from '../verify/capture/choose.js';
import { startLive, type LiveCapture } from '../verify/capture/live.js';
import { jsonLine, jsonSink, pcapngSink, textSink, type Sink } from './capture-sinks.js';
import { defineCommand, UsageError, type Context } from './define.js';
import { growOut, type GrowingFile } from './files.js';
import { demandFor, forOption } from './for-option.js';
import { isTerminal } from './output.js';
import { counted } from './size.js';
import { demandBuilt, storedOf } from './target.js';

interface Arguments {
  readonly lab: string;
  readonly place: readonly string[];
  readonly filter?: string;
  readonly write?: string;
  readonly text: boolean;
  readonly for?: number;
  readonly count?: number;
  readonly promiscuous: boolean;
}

export const capture = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    lab: { describe: 'Name of the lab, or its topology file', takes: 'lab' },
    place: {
      describe:
        'Hops by label (`sw1:eth1`, `"sw1:eth1 macvtap"`), links or nodes; all hops of the lab when left out. A switch stands for its ports, a UDP cable for its ends, a guest without an agent for the devices before it',
      takes: 'place',
    },
  },
  options: {
    filter: {
      type: 'string',
      alias: 'f',
      describe: 'Only frames that this expression of pcap-filter(7) takes',
    },
    write: {
      type: 'string',
      alias: 'w',
      describe:
        'Write a pcapng stream for Wireshark into this file; `-` is standard output, as it is when that is no terminal',
    },
    text: { type: 'boolean', describe: 'Lines of text, where standard output is no terminal, too' },
    ...forOption,
    count: { type: 'number', alias: 'c', describe: 'End after so many frames' },
    promiscuous: {
      type: 'boolean',
      describe:
        'Put the devices into promiscuous mode. That changes what it shows: a macvtap, for one, then delivers what it drops otherwise',
    },
  },
  examples: [
    ['$0 capture lldp-direct --for 5', 'every frame at every hop for five seconds, a line each'],
    [
      '$0 capture lldp-direct sw1 sw2:eth1 --filter "arp or icmp" --for 5 -w arp.pcapng',
      'some hops and frames, into a file; without `--for` until Ctrl-C',
    ],
    [
      '$0 capture lldp-direct sw1:eth1-sw2:eth1 --for 5 | tshark -r -',
      'one cable; `| wireshark -k -i -` shows it live',
    ],
  ],
  async run(args, context) {
    const { lab: target, place, filter = '', promiscuous, count = Infinity } = args;
    const format = formatOf(args, context);
    const stored = await storedOf(target);
    demandBuilt(stored);
    const { lab, plan } = stored;
    const { graph } = wire(lab, ANY_FACTS);
    const chosen = chooseHops(lab, graph, place);
    const labelOf = (id: string): string => graph.hops.get(id)?.label ?? id;
    const stop = new AbortController();
    context.takeSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], () => stop.abort());
    return withHosts(plan, async (hosts) => {
      const { signal } = context;
      const live = await startLive(chosen, hosts, {
        ...{ machine: lab.machine, filter, promiscuous, signal },
      });
      let file: GrowingFile | undefined;
      try {
        if (format === 'file') file = growOut(args.write ?? '');
        tellBegin(lab.name, live, promiscuous, context);
        const write = file?.write ?? ((bytes: Uint8Array) => context.write('out', bytes));
        const sinks = {
          json: () => jsonSink(context),
          text: () => textSink(live, context),
          stream: () => pcapngSink(live, commentOn(lab.name, live, args), write, true),
          file: () => pcapngSink(live, commentOn(lab.name, live, args), write, false),
        } satisfies Record<typeof format, () => Sink>;
        const sink = sinks[format]();
        const ends = [stop.signal, signal];
        if (args.for !== undefined) ends.push(AbortSignal.timeout(args.for * 1000));
        let given = 0;
        for await (const frames of live.frames(AbortSignal.any(ends))) {
          const wanted = frames.slice(0, count - given);
          given += wanted.length;
          sink(wanted);
          if (given >= count) stop.abort();
        }
        return tellEnd(lab.name, live, given, labelOf, context);
      } finally {
        await live.close();
        file?.close();
      }
    });
  },
});

/** What is written, and where. @throws UsageError */
function formatOf(
  { write, text, for: seconds, count }: Arguments,
  { json }: Context,
): 'json' | 'text' | 'stream' | 'file' {
  demandFor(seconds);
  if (count !== undefined && !(count > 0 && Number.isInteger(count)))
    throw new UsageError(`--count takes a whole number above 0, not ${count}.`);
  if (write === undefined) return json ? 'json' : text || isTerminal('out') ? 'text' : 'stream';
  if (json || text)
    throw new UsageError(`Leave out one of --write and --${json ? 'json' : 'text'}.`);
  if (write !== '-') return 'file';
  if (isTerminal('out'))
    throw new UsageError('A pcapng stream is nothing for a terminal: pipe it, or name a file.');
  return 'stream';
}

const PROMISCUOUS =
  'Devices are in promiscuous mode: they take in frames for others, and a macvtap delivers what it drops otherwise. What is captured is not what happens without it.';

function commentOn(lab: string, { hops }: LiveCapture, { filter, promiscuous }: Arguments): string {
  return [
    `patchlab capture ${lab}: ${hops.length} hops, an interface each, in time order by the clock of this machine.`,
    ...(filter === undefined ? [] : [`Filter: ${filter}`]),
    ...(promiscuous ? [PROMISCUOUS] : []),
  ].join('\n');
}

function tellBegin(lab: string, live: LiveCapture, promiscuous: boolean, context: Context): void {
  const { hops, lacks } = live;
  const { say } = context;
  if (context.json)
    jsonLine(context, { event: 'begin', lab, hops: hops.map(({ label }) => label) });
  if (promiscuous) say(PROMISCUOUS);
  for (const why of new Set([...lacks.gone.values(), ...lacks.failures.values()])) say(why);
  say(`capturing on ${counted(hops.length, 'hop')}; Ctrl-C ends it`);
}

/** @returns the exit code */
function tellEnd(
  lab: string,
  live: LiveCapture,
  frames: number,
  labelOf: (id: string) => string,
  context: Context,
): number {
  const { hops, late, lacks } = live;
  const { failures, gone } = lacks;
  if (context.json) {
    const told = (all: ReadonlyMap<string, string>) =>
      Array.from(all, ([hop, why]) => ({ hop: labelOf(hop), why }));
    jsonLine(context, {
      ...{ event: 'end', lab, hops: hops.map(({ label }) => label), frames, late },
      ...{ gone: told(gone), incomplete: told(failures) },
    });
  }
  for (const why of failures.values()) context.say(why);
  if (late > 0) context.say(`${counted(late, 'frame')} came late, and stand behind younger ones`);
  context.say(`${counted(frames, 'frame')} on ${counted(hops.length, 'hop')}`);
  return failures.size > 0 ? EXIT.unknown : EXIT.ok;
}
