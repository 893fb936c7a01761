import { z } from 'zod';
import { u16 } from '../frames/decode/bytes.js';
import type { SeenFrame } from '../frames/frame.js';
import { ascii } from '../frames/templates/bytes.js';
import type { Cause } from '../hops/types.js';
import { converse } from '../ip/converse.js';
import { courses } from '../ip/courses.js';
import type { Message } from '../ip/exchange.js';
import { vrfOf } from '../ip/stack.js';
import { tag } from '../plan/names.js';
import type { Check } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';
import type { Around, Leg, Probe, ProbeEnds } from './define.js';
import { forgettingAll, meeting, tablesOf } from './pair.js';
import { patienceFor } from './patience.js';
import { legsOf } from './spoken.js';

/** What the probes of UDP and TCP share: socat(1) at one end sends, socat at the other sends it back. */

export const transportFields = {
  port: z.int().min(1).max(65535).describe('Port of `to` that it is sent to'),
  payload: z
    .string()
    .regex(/^[\w.-]{1,512}$/, { error: 'write at most 512 letters, digits, `_`, `.` and `-`' })
    .optional()
    .describe('What is sent, and sent back; derived from the lab and the check when left out'),
  listen: z
    .boolean()
    .default(true)
    .describe(
      'Let a program listen at the port while the probe runs; with `false` what is there by itself answers, or nobody does',
    ),
  family: z
    .union([z.literal(4), z.literal(6)])
    .optional()
    .describe('IP version; by default IPv4 where both ends have it, else IPv6'),
};

type Asked = Check & z.output<z.ZodObject<typeof transportFields>>;

/** What sets a transport protocol apart. */
interface Transport {
  readonly kind: 'udp' | 'tcp';
  /** Addresses of socat(1) that begin, and that listen and answer. */
  readonly begins: string;
  readonly listens: string;
  /** More options of the one that begins, which waits that many seconds. */
  options(seconds: number): readonly string[];
  messages(port: number, payload: Uint8Array): readonly Message[];
  /** What a stack says where nobody listens, in words. */
  readonly refuses: string;
  readonly source: string;
  /** Is a frame that comes from the target that refusal? */
  isRefusal(seen: SeenFrame, port: number): boolean;
}

/** ICMP with the code for a closed port about a datagram to a port: what is quoted begins with its IP header. RFC 792, RFC 4443. */
export const saysUnreachable = ({ icmp, icmp6 }: SeenFrame, port: number): boolean =>
  (icmp?.kind === 'destination-unreachable' &&
    icmp.code === 3 &&
    u16(icmp.payload, 20 + 2) === port) ||
  (icmp6?.kind === 'destination-unreachable' &&
    icmp6.code === 4 &&
    u16(icmp6.payload, 40 + 2) === port);

/** Nobody listens at a port. */
const closed = ({ kind, refuses, source }: Transport, port: number, stack: string): Cause => ({
  reason: `The port is closed: nobody listens at ${kind.toUpperCase()} port ${port} of ${stack}, which answers with ${refuses}.`,
  remedy: `Let a program listen at that port of ${stack} (with \`listen: true\` the probe does so itself).`,
  source,
});

const inBrackets = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

/** Make a probe ready whose packets a program sends and another one sends back. */
export function prepareTransport(
  transport: Transport,
  check: Asked,
  ends: ProbeEnds,
  around: Around,
): Probe | readonly Problem[] {
  const { lab, model, stacks } = around;
  const found = meeting(ends, check.family === undefined ? [4, 6] : [check.family], around);
  if (!('pair' in found)) return found;
  const { pair, isRouted, several, ...meet } = found;
  const { from, to, source, target } = pair;
  const { family } = target;
  const { kind } = transport;
  const { port, listen } = check;
  const payload = check.payload ?? tag(12, kind, lab.name, check.from, check.to, String(port));
  const answerer = stacks.get(to.stack.id);
  const exchange = {
    ...{ ...meet, dontFragment: true, messages: transport.messages(port, ascii(payload)) },
    refusal: () => (listen ? undefined : closed(transport, port, to.stack.id)),
  };
  const all = courses((choose) => converse(model, stacks, exchange, choose));
  const spoken = all.map((frames) => legsOf(frames));
  // Whole seconds are enough for whom nothing impairs.
  const longer = Math.ceil(patienceFor(spoken, model).ms / 1000);
  const refusal: Leg['refusal'] = (seen) =>
    (seen.ipv4 ?? seen.ipv6)?.src === target.ip && transport.isRefusal(seen, port)
      ? closed(transport, port, to.stack.id)
      : undefined;
  const vrf = answerer && vrfOf(answerer, target.device)?.device;
  const options = [
    `${transport.begins}${family}:${inBrackets(target.ip)}:${port}`,
    ...(meet.bound ? [`so-bindtodevice=${meet.bound.device}`] : []),
    ...(isRouted || several ? [`bind=${inBrackets(source.ip)}`] : []),
    ...transport.options(1 + longer),
  ];
  const listening = [
    `${transport.listens.replace('%', String(family))}:${port},fork,reuseaddr`,
    ...(family === 6 ? ['ipv6only=1'] : []),
    ...(vrf === undefined ? [] : [`so-bindtodevice=${vrf}`]),
    ...(to.addresses.filter((own) => own.family === family).length > 1
      ? [`bind=${inBrackets(target.ip)}`]
      : []),
  ];
  return {
    kind,
    variant: [`port ${port}`, ...(check.family === undefined ? [] : [`IPv${family}`])].join(', '),
    check,
    from,
    to,
    courses: spoken.map((legs) => legs.map((leg) => ({ ...leg, refusal }))),
    send: {
      stack: from.stack,
      argv: ['socat', '-t', String(0.5 + longer), `EXEC:echo -n ${payload}`, options.join(',')],
      forgets: { neighbours: [{ device: source.device, family }] },
      timeout: 10_000 + longer * 1000,
    },
    ...(listen && {
      server: {
        stack: to.stack,
        argv: ['socat', listening.join(','), 'PIPE'],
        table: `${kind}${family === 6 ? '6' : ''}`,
        port,
      },
    }),
    ...(isRouted && { before: forgettingAll(all.flat(), stacks, family, false) }),
    uses: [...tablesOf(pair, all.flat()), `${kind} ${to.stack.id} ${port}`],
  };
}
