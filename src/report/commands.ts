import { escapeCommand } from '../plan/quote.js';
import { probeKind } from '../topology/kinds.js';
import type { Loss } from './losses.js';
import type { Report, ResultVerdict } from './result.js';
import { THIS_HOST } from '../topology/lab.js';

/** The commands by which a reader does the same again, and watches a frame die. */

/** A command with what it is for. */
export interface ShownCommand {
  readonly what: string;
  readonly command: string;
}

/** Build the lab, prove it, look at the captures, take it down. */
export function reproduce({ result, source }: Report): readonly ShownCommand[] {
  const { lab } = result;
  const [page, captures] = [`${lab}.html`, `${lab}.pcapng`];
  const line = (what: string, ...argv: readonly string[]): ShownCommand => ({
    what,
    command: escapeCommand(argv),
  });
  return [
    line('build the lab', 'patchlab', 'up', source?.file ?? `${lab}.yaml`),
    line('prove it', 'patchlab', 'verify', lab, '--report', page, '--evidence', captures),
    line('read the captures, an interface for each hop', 'wireshark', captures),
    line('take it down', 'patchlab', 'down', lab),
  ];
}

/** Watch the hop that saw the frame last, and the next that did not, while it is sent again. */
export function watch(loss: Loss, { result: { lab } }: Report): readonly ShownCommand[] {
  const { blame, verdict } = loss;
  const { filter } = probeKind(verdict.probe);
  const at = (label: string | null, what: string): readonly ShownCommand[] =>
    verdict.hops
      .filter((hop) => hop.label === label)
      .map((hop) => ({ what, command: captureCommand(hop, filter, lab) }));
  return [
    ...at(blame.lastSeen, `${blame.lastSeen ?? ''}: it is seen`),
    ...at(blame.firstMissed, `${blame.firstMissed}: it is not`),
    { what: 'meanwhile, send it', command: escapeCommand(['patchlab', 'verify', lab]) },
  ];
}

/**
 * Never promiscuous (-p): that would change what a macvtap delivers. In a node it ends by itself, and then prints. Where no
 * frames are looked for, the device is.
 */
function captureCommand(
  { stack, device }: ResultVerdict['hops'][number],
  filter: string | undefined,
  lab: string,
): string {
  const look = ['ip', '-d', 'link', 'show', 'dev', device];
  const tcpdump = filter === undefined ? look : ['tcpdump', '-p', '-n', '-e', '-i', device, filter];
  if (stack === THIS_HOST) return escapeCommand(tcpdump);
  return escapeCommand([
    'patchlab',
    'exec',
    stack,
    '--lab',
    lab,
    '--',
    'timeout',
    '20',
    ...tcpdump,
  ]);
}
