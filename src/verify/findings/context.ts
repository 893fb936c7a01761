import type { Model } from '../../hops/emit.js';
import type { Hop } from '../../hops/types.js';
import type { Lab } from '../../topology/lab.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import { decodeFrame, type SeenFrame } from '../../frames/decode.js';
import type { CapturedFrame } from '../capture/pcap.js';
import type { Verdict } from '../judge/verdict.js';
import type { Elsewhere } from '../capture/elsewhere.js';
import { adjacencyOf, type Heard } from './adjacency.js';
import { straysIn } from './leak.js';
import type { Claim, FindingContext, SeenDevices, Retried } from './define.js';

/** What a verification leaves behind. */
export interface Traces {
  readonly lab: Lab;
  readonly model: Model;
  readonly captures: readonly { readonly hop: Hop; readonly frames: readonly CapturedFrame[] }[];
  readonly elsewhere: readonly Elsewhere[];
  readonly checks: readonly PreparedCheck[];
  readonly verdicts: readonly Verdict[];
  readonly state: SeenDevices;
  readonly again: readonly Retried[];
}

/** Each once, by what makes them the same. */
function unique<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/** Sender of a probe for an address that it does not have yet (RFC 5227, 2.1.1). */
const NO_ADDRESS = '0.0.0.0';

const claimsIn = (frames: readonly SeenFrame[]): readonly Claim[] =>
  frames.flatMap(({ arp }) =>
    arp && arp.senderIp !== NO_ADDRESS
      ? [{ ip: arp.senderIp, mac: arp.senderMac, isAnswer: arp.op === 'reply' }]
      : [],
  );

/** Read all captures for what findings are made of. Pure. */
export function contextOf({
  lab,
  model,
  captures,
  elsewhere,
  checks,
  verdicts,
  state,
  again,
}: Traces): FindingContext {
  const adjacency = adjacencyOf(lab, model, state);
  const ports = new Set(adjacency.ports.map(({ id }) => id));
  const decoded = captures.map(({ hop, frames }) => ({
    hop,
    frames: frames.map(({ bytes, length }) => decodeFrame(bytes, length)),
  }));
  const madeUp = checks.flatMap(({ legs }) => legs.filter((leg) => leg.isMadeUp === true));
  const heard = decoded
    .filter(({ hop }) => ports.has(hop.id))
    .flatMap(({ hop, frames }) =>
      frames.flatMap((frame): Heard[] =>
        frame.lldp && !madeUp.some((leg) => leg.matches(frame))
          ? [{ at: hop, chassis: frame.lldp.chassisId.value, port: frame.lldp.portId.value }]
          : [],
      ),
    );
  return {
    ...{ lab, graph: model.graph, adjacency, verdicts, state, again },
    strays: straysIn(model, elsewhere),
    heard: unique(heard, ({ at, chassis, port }) => [at.id, chassis, port].join('\0')),
    claims: unique(
      decoded.flatMap(({ frames }) => claimsIn(frames)),
      ({ ip, mac, isAnswer }) => `${ip} ${mac} ${isAnswer}`,
    ),
  };
}
