import type { WatchedDevice } from '../apply/watch/devices.js';
import { watchLab, type WatchEvent } from '../apply/watch/watch.js';
import { EXIT } from '../errors.js';
import { inColumns } from '../report/terminal/text.js';
import { shownLine } from '../shown.js';
import { jsonLine } from './capture-sinks.js';
import { defineCommand, type Context } from './define.js';
import { demandFor, forOption } from './for-option.js';
import { counted } from './size.js';
import { demandBuilt, storedOf } from './target.js';

interface Options {
  readonly lab: string;
  readonly for?: number;
}

export const watch = defineCommand<Options>({
  needsRoot: true,
  positionals: { lab: { describe: 'Name of the lab, or its topology file', takes: 'lab' } },
  options: forOption,
  examples: [
    ['$0 watch lldp-direct --for 1', 'devices with their counters, then what changes'],
    ['$0 watch lldp-direct --for 1 --json', 'an object a line, for other programs'],
  ],
  async run({ lab: target, for: seconds }, context) {
    demandFor(seconds);
    const stored = await storedOf(target);
    demandBuilt(stored);
    const stop = new AbortController();
    context.takeSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], () => stop.abort());
    const { name } = stored.lab;
    const early: WatchEvent[] = [];
    let tell = (event: WatchEvent): void => void early.push(event);
    const watched = await watchLab(stored, (event) => tell(event), context.signal);
    try {
      const { devices, inGuests } = watched;
      if (context.json)
        jsonLine(context, { event: 'begin', lab: name, devices: devices.map(json) });
      else for (const line of table(devices)) context.print(line);
      if (inGuests.length > 0)
        context.say(`${counted(inGuests.length, 'device')} in guests tell nothing here`);
      context.say(`watching ${counted(devices.length, 'device')}; Ctrl-C ends it`);
      tell = (event) => {
        print(event, context);
        if (event.event === 'lab') stop.abort();
      };
      for (const event of early) tell(event);
      const ends = [stop.signal, context.signal];
      if (seconds !== undefined) ends.push(AbortSignal.timeout(seconds * 1000));
      await untilRaised(AbortSignal.any(ends));
      tell = () => undefined;
      const last = await watched.read();
      if (context.json) jsonLine(context, { event: 'end', lab: name, devices: last.map(json) });
      else for (const line of ['', ...table(last)]) context.print(line);
    } finally {
      tell = () => undefined;
      await watched.close();
    }
    return EXIT.ok;
  },
});

/** A promise alone keeps nothing alive, and somebody may only wait. */
const untilRaised = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

const json = ({ counters, ...device }: WatchedDevice): object => ({
  ...changed(device),
  counters: counters ?? null,
});

const changed = ({ hop, link, state }: Omit<WatchedDevice, 'counters'>): object => ({
  ...{ hop: hop.label, stack: hop.stack, device: hop.device, link: link ?? null, state },
});

/** A device a line, with what its counters say. */
function table(devices: readonly WatchedDevice[]): readonly string[] {
  const rows = devices.map(({ hop, state, counters }) => [
    hop.label,
    state,
    ...(counters ? [counters.received, counters.sent, counters.dropped].map(String) : []),
  ]);
  const all = [['DEVICE', 'STATE', 'RECEIVED', 'SENT', 'DROPPED'], ...rows];
  return inColumns(all.map((row) => row.map(shownLine)));
}

function print(event: WatchEvent, context: Context): void {
  const time = Date.now();
  if (context.json) {
    jsonLine(context, { time: time / 1000, ...told(event) });
  } else
    context.print(`${new Date(time).toISOString().slice(11, 23)}  ${shownLine(sentence(event))}`);
}

/** The same for machines. */
const told = (event: WatchEvent): object =>
  event.event === 'device'
    ? { event: event.event, ...changed(event) }
    : event.event === 'impairment'
      ? { ...event, now: event.now ?? null }
      : event.event === 'neighbour'
        ? { ...event, mac: event.mac ?? null }
        : event;

/** What has changed, in a line. */
function sentence(event: WatchEvent): string {
  switch (event.event) {
    case 'device':
      return `${event.hop.label}: ${event.state}${event.link === undefined ? '' : ` (link ${event.link})`}`;
    case 'neighbour':
      return `${event.stack}: neighbour ${event.address}${event.mac === undefined ? '' : ` (${event.mac})`} on ${event.device} ${event.state}`;
    case 'guest':
      return `${event.node}: guest ${event.what}${event.why === '' ? '' : `, ${event.why}`}`;
    case 'cable':
      return `link ${event.link}: ${event.state}`;
    case 'impairment':
      return `${event.port}: ${event.now ? `impaired by ${JSON.stringify(event.now)}` : 'impaired no more'}`;
    case 'lab':
      return 'the lab is gone';
    case 'blind':
      return `nothing more is heard of ${event.where}: ${event.why}`;
  }
}
