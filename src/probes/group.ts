import { hash } from 'node:crypto';
import { z } from 'zod';
import type { SpokenClass } from '../frames/classes.js';
import type { Frame } from '../frames/frame.js';
import { membershipReport, reportedIn } from '../frames/groups.js';
import { groupMac } from '../frames/mac.js';
import { ascii } from '../frames/templates/bytes.js';
import { udpFrame } from '../frames/values.js';
import type { Model } from '../hops/emit.js';
import { learn } from '../hops/find-way.js';
import { rulesOf } from '../hops/kinds/index.js';
import { remembering } from '../hops/model.js';
import { certainDrop, type Way } from '../hops/predict.js';
import { PASSES, type Prediction } from '../hops/prediction.js';
import type { Sights } from '../hops/sight.js';
import type { Hop } from '../hops/types.js';
import { outwards } from '../ip/sights.js';
import { filteredBy, sentBy } from '../ip/talk.js';
import { tag } from '../plan/names.js';
import { canonicalIp, familyOf, isMulticast } from '../topology/address.js';
import { ipField } from '../topology/fields.js';
import type { Check } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';
import type { Around, Endpoint, Leg, Probe, ProbeEnds } from './define.js';
import { singleEnd, wayOf } from './single.js';

/** What the probes of groups share: socat(1) at one end joins a group, socat at the other sends to it. */

/** Address of a group of a family. */
export const groupField = (family: 4 | 6) =>
  ipField
    .refine((ip) => familyOf(ip) === family && isMulticast(ip), {
      error: `write the address of an IPv${family} group`,
    })
    .transform(canonicalIp)
    .optional();

export const portField = z
  .int()
  .min(1)
  .max(65535)
  .default(5001)
  .describe('Port that the datagrams go to');

type Asked = Check & { readonly group?: string | undefined; readonly port: number };

/** What sets the groups of a family apart. */
interface Groups {
  readonly kind: 'igmp' | 'mld';
  readonly family: 4 | 6;
  /** What says that somebody is in a group, in words, and its class. */
  readonly report: string;
  readonly class: SpokenClass;
  groupOf(number: number): string;
  /** Addresses of socat(1). */
  listens(port: number, group: string, device: string): string;
  sends(port: number, group: string): string;
}

/** Send a few datagrams, a moment apart. Arguments: what they carry, address of socat(1). The last ones come when whoever joins has done so. */
const STREAM = `
left=6
while [ $left -gt 0 ]; do
  printf %s "$1"
  sleep 0.2
  left=$((left - 1))
done | socat -u - "$2"
`;
/** Seconds after which who listens goes, when nothing has come. */
const SILENCE = 1;

/** Make a probe ready in which one end joins a group and the other one sends to it. */
export function prepareGroup(
  groups: Groups,
  check: Asked,
  ends: ProbeEnds,
  { lab, model, stacks }: Around,
): Probe | readonly Problem[] {
  const from = singleEnd(ends, 'from', 'What is for a group leaves by');
  const to = singleEnd(ends, 'to', 'A group is joined on');
  if (!('hop' in from)) return [from];
  if (!('hop' in to)) return [to];
  const { kind, family } = groups;
  const { port } = check;
  const place = [lab.name, from.hop.id, to.hop.id];
  const group =
    check.group ?? groups.groupOf(hash('sha256', place.join(' '), 'buffer').readUInt16BE());
  const token = tag(12, kind, ...place, group, String(port));
  const [source, own] = [from, to].map(
    (end) => end.addresses.find((one) => one.family === family)?.ip,
  );
  const talk = remembering(model);
  const { memory } = talk.world;
  memory.follow(group);
  const said = membershipReport(to.mac, family === 4 ? own : undefined, group);
  const report = spoken(talk, to, from, said, stacks);
  if (!('prediction' in report)) return [report];
  learn(talk, report);
  const head = { family, src: source ?? '', dst: group, dontFragment: false };
  const ports = { srcPort: 0, dstPort: port, payload: ascii(token) };
  const datagram: Frame = {
    ...udpFrame(head, { src: from.mac, dst: groupMac(group), ttl: 1 }, ports),
    joined: true,
  };
  const stream = spoken(talk, from, to, datagram, stacks);
  if (!('prediction' in stream)) return [stream];
  const legs: readonly Leg[] = [
    ...reportLegs(talk, family, report, stream).map((way): Leg => ({
      ...{ ...way, name: groups.report, class: groups.class, isAlwaysSent: true },
      ...{ from: to.hop, to: way.path.at(-1) ?? from.hop },
      matches: (seen) => seen.src === to.mac && reportedIn(seen).includes(group),
    })),
    {
      ...{ ...stream, name: 'datagram', class: 'udp', from: from.hop, to: to.hop, memory },
      matches: ({ udp, ipv4, ipv6 }) =>
        (ipv4 ?? ipv6)?.dst === group &&
        udp !== undefined &&
        Buffer.from(udp.payload).toString('latin1') === token,
    },
  ];
  const bind = source === undefined ? '' : `,bind=${family === 6 ? `[${source}]` : source}`;
  const address = `${groups.sends(port, group)},so-bindtodevice=${from.device}${bind}`;
  const listening = groups.listens(port, group, to.device);
  return {
    ...{ kind, check, from, to, variant: `group ${group}`, courses: [legs] },
    beside: {
      stack: to.stack,
      argv: ['socat', '-u', '-T', String(SILENCE), listening, 'GOPEN:/dev/null'],
      timeout: 10_000,
    },
    send: {
      stack: from.stack,
      argv: ['/bin/sh', '-c', STREAM, 'patchlab-stream', token, address],
      timeout: 10_000,
    },
    // Who is in a group already says nothing when a second program joins it.
    uses: [`${kind} ${group}`],
  };
}

interface SpokenWay extends Way {
  readonly frame: Frame;
  readonly sights: Sights;
}

/** The way of a packet that a program lets its stack send by a device, past the packet filters of that stack. */
function spoken(
  model: Model,
  from: Endpoint,
  to: Endpoint,
  frame: Frame,
  stacks: Around['stacks'],
): SpokenWay | Problem {
  const way = wayOf(model, from, to, frame);
  const stack = stacks.get(from.stack.id);
  if (!stack) throw new RangeError(`${from.stack.id} has no IP stack`);
  if (!('prediction' in way)) return way;
  const sights: Sights = () => outwards(stack.hop, { frame, device: from.hop });
  return { ...sentBy(stack, frame, way, filteredBy({ model }, sights)), frame, sights };
}

/** Does a bridge look for reports of a family, and does it matter what it hears? Not where nobody asks: it floods everything. */
function looks({ world }: Model, hop: Hop, family: 4 | 6): boolean {
  const own = rulesOf(hop.kind).snooping?.(hop);
  const asking = [own?.asks, world.queriers.get(hop.id)].filter((one) => one !== undefined);
  return own?.isOn === true && asking.some(({ asksIpv6 }) => family === 4 || asksIpv6);
}

/**
 * The way of a report up to the first bridge that looks for such; none where there is none, or where it is lost without any
 * harm. Further on the bridge decides whether it hands it on: reports of version 2 go to routers alone.
 */
function reportLegs(
  model: Model,
  family: 4 | 6,
  report: SpokenWay,
  stream: Way,
): readonly SpokenWay[] {
  const bridge = report.path.findIndex((hop, at) => at > 0 && looks(model, hop, family));
  if (bridge < 0) return [];
  const prediction = upTo(report.prediction, bridge - 1);
  if (prediction.outcome !== 'pass' && !certainDrop(stream.prediction)) return [];
  const [path, frames] = [report.path.slice(0, bridge), report.frames.slice(0, bridge)];
  return [{ ...report, path, frames, prediction }];
}

/** What is predicted of the hops before one. */
function upTo(prediction: Prediction, end: number): Prediction {
  if (prediction.outcome === 'pass' || prediction.at >= end) return PASSES;
  return prediction.outcome === 'random'
    ? { ...prediction, rest: upTo(prediction.rest, end) }
    : prediction;
}
