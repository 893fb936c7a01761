import type { Model } from '../../hops/emit.js';
import type { Lab } from '../../topology/lab.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { SeenFrame } from '../../frames/decode.js';
import type { Verdict } from '../judge/verdict.js';
import type { Elsewhere, HopSights } from '../capture/elsewhere.js';
import { adjacencyOf, stacksByMac, type Heard } from './adjacency.js';
import { straysIn } from './leak.js';
import type { Claim, FindingContext, SeenDevices, Retried } from './define.js';

/** What a verification leaves behind. */
export interface Traces {
  readonly lab: Lab;
  readonly model: Model;
  readonly captures: readonly HopSights[];
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
  const madeUp = checks.flatMap(({ legs }) => legs.filter((leg) => leg.isMadeUp === true));
  const heard = captures
    .filter(({ hop }) => ports.has(hop.id))
    .flatMap(({ hop, decoded }) =>
      decoded.flatMap((frame): Heard[] =>
        frame.lldp && !madeUp.some((leg) => leg.matches(frame))
          ? [{ at: hop, chassis: frame.lldp.chassisId.value, port: frame.lldp.portId.value }]
          : [],
      ),
    );
  return {
    ...{ lab, graph: model.graph, adjacency, verdicts, state, again },
    strays: straysIn(model, elsewhere, stacksByMac(model.graph, state)),
    heard: unique(heard, ({ at, chassis, port }) => [at.id, chassis, port].join('\0')),
    claims: unique(
      captures.flatMap(({ decoded }) => claimsIn(decoded)),
      ({ ip, mac, isAnswer }) => `${ip} ${mac} ${isAnswer}`,
    ),
  };
}
