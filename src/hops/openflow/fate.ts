import type { Frame } from '../../frames/frame.js';
import { once } from '../../once.js';
import { chance, drop } from '../outcome.js';
import type { Cause, Forwarding, Hop } from '../types.js';
import type { World } from '../world.js';
import { copiesOf, mirrorTo, type Mirror } from './mirror.js';
import { normal, type Normal } from './normal.js';
import { decide, type FlowDecision, type Done } from './pipeline.js';
import { numberOf, type OvsSettings } from './settings.js';

/** What the flows of a bridge of Open vSwitch do with a frame, port by port. */
export interface FlowFate {
  /** The frame as it leaves by a port; nothing where it does not. Of several copies by one port the first. */
  readonly leaving: (to: Hop) => Frame | undefined;
  /** What mirrors send by a port besides. */
  readonly besides: (to: Hop) => readonly Frame[];
  /** The ports that are meant, where it knows the receiver and sends by no other. */
  readonly only: readonly string[] | undefined;
  /** VLANs in which NORMAL learns the sender, with the MAC that it then has. */
  readonly learnt: readonly { readonly vlan: number; readonly mac: string }[];
  /** What becomes of it towards a port by which it is not sent. */
  readonly unsent: (to: Hop | undefined) => Forwarding;
}

const FLOWS = 'ovs-ofctl(8) Flow Syntax: the flow of the highest priority decides';

/** What it asks of the world: ports that spanning tree blocks are not sent by, so nothing is copied there. */
type Asked = Pick<World, 'memory' | 'hasCarrier'> & Partial<Pick<World, 'blocked'>>;

const NOTHING: FlowDecision = { done: [], flows: [], missed: undefined, unknown: undefined };

/** Nothing becomes of it. */
const nothingOf = (why: Forwarding): FlowFate => ({
  ...{ leaving: () => undefined, besides: () => [], only: undefined, learnt: [] },
  unsent: () => why,
});

const reservedFor = ({ label }: Hop, { name }: Mirror): Forwarding =>
  drop(
    `${label} is the output of the mirror \`${name}\`, and what enters there is dropped.`,
    `Give the mirror \`${name}\` a port of its own.`,
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: xlate_actions (reserved exclusively for mirroring); ovs-vswitchd.conf.db(5) Mirror, output_port',
  );

/**
 * Let a frame go through the flows of a bridge. Pure.
 * @param taken - why no flow is asked: the bridge takes it itself. Mirrors copy it all the same
 */
export function fateOf(
  hop: Hop<OvsSettings>,
  from: Hop | undefined,
  frame: Frame,
  { memory, hasCarrier, blocked }: Asked,
  taken?: Forwarding,
): FlowFate {
  const { flows, groups = [], ports } = hop.settings;
  const unheard = mirrorTo(hop.settings, from?.id);
  if (from && unheard && !ports[from.id]?.isPatch) return nothingOf(reservedFor(from, unheard));
  const isLive = (number: number): boolean =>
    Object.entries(ports).some(([id, one]) => one.number === number && hasCarrier(id));
  const decision = taken ? NOTHING : decide(flows, frame, numberOf(hop, from), { groups, isLive });
  const all = decision.done.map((done) => ({
    done,
    normal: done.action.do === 'normal' ? normal(hop, from, done.frame, memory) : undefined,
  }));
  const normals = all.flatMap(({ normal: is }) => is ?? []);
  const known = normals.flatMap((is) => is.known ?? []);
  /** The frame as one action sends it by a port. */
  const sends = ({ done, normal: is }: (typeof all)[number], port: string): Frame | undefined =>
    is ? is.leaving(port) : byNumber(hop, from, port, done);
  const sentBy = (id: string): readonly Frame[] => all.flatMap((one) => sends(one, id) ?? []);
  const leavingAll = () =>
    all.flatMap((one) =>
      Object.keys(ports).flatMap((port) => {
        const left = sends(one, port);
        return left && blocked?.(hop, undefined, { id: port } as Hop)?.action !== 'drop'
          ? [{ port, frame: left }]
          : [];
      }),
    );
  const copies = once(() =>
    hop.settings.mirrors ? copiesOf(hop, from && { port: from.id, frame }, leavingAll()) : [],
  );
  const copiesBy = (id: string): readonly Frame[] =>
    copies().flatMap(({ port, frame: copy }) => (port === id ? [copy] : []));
  return {
    leaving: ({ id }) => sentBy(id)[0] ?? copiesBy(id)[0],
    besides: ({ id }) => copiesBy(id).slice(sentBy(id).length > 0 ? 0 : 1),
    only:
      known.length > 0 && known.length === all.length
        ? [...known, ...copies().map(({ port }) => port)]
        : undefined,
    learnt: all.flatMap(({ done, normal: is }) =>
      is?.vlan === undefined ? [] : [{ vlan: is.vlan, mac: done.frame.src }],
    ),
    unsent: (to) => taken ?? whyNot(hop, decision, normals, to),
  };
}

/** What an action other than NORMAL sends by a port. None sends back by the one that the frame came by, but `in_port`. */
function byNumber(
  hop: Hop<OvsSettings>,
  from: Hop | undefined,
  to: string,
  { action, frame }: Done,
): Frame | undefined {
  if (action.do === 'in_port') return to === from?.id ? frame : undefined;
  if (to === from?.id) return undefined;
  const isMeant = action.do !== 'output' || action.port === hop.settings.ports[to]?.number;
  return isMeant ? frame : undefined;
}

function whyNot(
  hop: Hop<OvsSettings>,
  { unknown, missed, flows }: FlowDecision,
  normals: readonly Normal[],
  to: Hop | undefined,
): Forwarding {
  const { controllers = [] } = hop.settings;
  if (unknown !== undefined) return chance(undefined, notKnown(hop, unknown));
  if (missed !== undefined && controllers.length > 0)
    return chance(
      undefined,
      notKnown(
        hop,
        `the controller ${controllers.join(', ')} decides on what its flows do not take`,
      ),
    );
  const [first] = normals;
  if (first) return { action: 'drop', ...plain(first.why(to)) };
  if (missed !== undefined && flows.length === 0) return { action: 'drop', ...miss(hop, missed) };
  const text = flows.at(-1)?.text ?? '';
  return drop(
    `A static flow of the switch decides, \`${text}\`, and it ${flows.at(-1)?.actions.every((one) => one.do === 'drop') === true ? 'drops what it matches' : `does not hand the frame to ${to?.label ?? 'the port'}`}.`,
    'Add the port to the actions of that flow, or take the flow out.',
    FLOWS,
  );
}

const plain = ({ reason, remedy, source }: Cause): Cause => ({ reason, remedy, source });

const miss = ({ label }: Hop, table: number): Cause => ({
  reason: `No flow in table ${table} of ${label} takes the frame, and what no flow takes is dropped.`,
  remedy:
    'Add a flow for it, or one of priority 0 with the action NORMAL (`fail_mode: standalone` has it).',
  source: 'OpenFlow 1.3, 5.4; ovs-vswitchd.conf.db(5) Bridge, fail_mode',
});

const notKnown = ({ label }: Hop, what: string): Cause => ({
  reason: `What ${label} does with the frame is not known: ${what}, which the model does not follow.`,
  remedy: 'Ask the switch itself: `ovs-appctl ofproto/trace` says which flows decide.',
  source: 'ovs-fields(7), ovs-actions(7), ovs-vswitchd(8) ofproto/trace',
});
