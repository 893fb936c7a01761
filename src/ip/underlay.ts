import { groupMac } from '../frames/mac.js';
import type { Frame } from '../frames/frame.js';
import type { Model } from '../hops/emit.js';
import { filtered } from '../hops/filtering.js';
import { hopId } from '../hops/graph.js';
import { rulesOf } from '../hops/kinds/index.js';
import { drop } from '../hops/outcome.js';
import { afterwards } from '../hops/through-stack.js';
import type { Sight } from '../hops/sight.js';
import { isFor, type TunnelEnd } from '../hops/tunnel.js';
import { PASS, type Cause, type Forwarding, type Hop } from '../hops/types.js';
import type { HandedOn, Underlay } from '../hops/world.js';
import { isMulticast } from '../topology/address.js';
import { answered } from './handshake.js';
import { badSource, refusesToForward, sunk } from './accept.js';
import { noRoute, rejected } from './endings.js';
import { cut } from './fragments.js';
import { routeTo, type Decision } from './routes.js';
import { inwards, outwards } from './sights.js';
import { forwards, type IpStack, type IpStacks } from './stack.js';
import { wayOut } from './tunnel-ends.js';
import { packetOf, written, type TunnelPacket } from './tunnel-packet.js';
import { neighbourOf } from './underlay-neighbour.js';

/** What stacks do with the packets of tunnels: they send, hand on and receive them like any other packet. */

type End = Hop<TunnelEnd>;

/** Who does what with which packet. */
interface Handling {
  readonly model: Model;
  readonly stacks: IpStacks;
  readonly ends: readonly End[];
  readonly stack: IpStack;
  /** The device by which it has come, or the end of a tunnel that sends it. */
  readonly at: Hop;
  readonly frame: Frame;
}

/** The end in a stack that a packet is for: the one that takes it, else the one to which it tells what differs. */
function endFor(
  { model, ends, frame }: Pick<Handling, 'model' | 'ends' | 'frame'>,
  stack: string,
  src: string,
): End | undefined {
  const { inner } = frame;
  const own = ends.filter((end) => end.stack === stack && end.settings.by === inner?.by);
  const isFromThere = ({ settings }: End): boolean => settings.remote === src;
  const isPartner = ({ id }: End): boolean =>
    model.graph.place(id).peers.some((end) => (end as End).settings.id === inner?.id);
  const taking = own.filter((end) => isFor(end, frame));
  return taking.find(isFromThere) ?? taking[0] ?? own.find(isPartner) ?? own.find(isFromThere);
}

/** The end of the whole way: where the packet would come out if nothing kept it from that. */
function destined(handling: Handling, { src, dst }: TunnelPacket): End | undefined {
  for (const { stack, addresses } of handling.stacks.values())
    if (addresses.some(({ ip }) => ip === dst)) return endFor(handling, stack.id, src);
  return undefined;
}

const refusing = (handling: Handling, packet: TunnelPacket, cause: Cause): readonly HandedOn[] => [
  { to: destined(handling, packet), result: { action: 'drop', ...cause } },
];

const past = ({ model }: Handling, sights: readonly Sight[]): Forwarding =>
  filtered(model.world.filters, sights) ?? PASS;

const circular = ({ label }: Hop, route: string): Cause =>
  drop(
    `The route to the other end of the tunnel leads over ${label} itself (${route}).`,
    'Write a route to the other end by a device that is no tunnel.',
    'Linux net/ipv4/ip_tunnel.c: ip_tunnel_xmit (collisions); drivers/net/vxlan/vxlan_core.c: vxlan_xmit_one (circular route)',
  );

function tooLong(
  { stack }: IpStack,
  { label, settings }: Hop,
  packet: TunnelPacket,
): Cause | undefined {
  const { mtu = 1500 } = settings;
  if (packet.size <= mtu || !packet.dontFragment) return undefined;
  return drop(
    `The packet in which the frame travels has ${packet.size} octets and must not be cut, and ${label} sends none beyond its MTU of ${mtu}: ${stack.id} drops it.`,
    `Lower the MTU of the tunnel by ${packet.size - mtu}, or raise that of ${label}.`,
    'Linux net/ipv4/ip_tunnel.c: tnl_update_pmtu; net/ipv6/ip6_output.c: ip6_fragment (fail_toobig)',
  );
}

/** Send a packet by a device. @param cameBy - nothing where the stack sends it itself */
function leave(
  handling: Handling,
  packet: TunnelPacket,
  { device, nextHop, route }: Extract<Decision, { kind: 'out' }>,
  cameBy?: Hop,
): readonly HandedOn[] {
  const { model, stacks, stack, at, frame } = handling;
  const sent = cameBy ? { ...packet, ttl: packet.ttl - 1 } : packet;
  const cause =
    ((at as End).settings.tunnel === device.id ? circular(device, route()) : undefined) ??
    (cameBy ? refusesToForward(stack, cameBy, device, packet) : tooLong(stack, device, packet)) ??
    sunk(device, packet.dst);
  if (cause) return refusing(handling, packet, cause);
  // Whom it is for a device without MACs knows by itself.
  const asked =
    isMulticast(packet.dst) || device.settings.isLayer3
      ? { device: undefined, result: PASS }
      : neighbourOf(model, stacks, { stack, device, sender: packet.src, target: nextHop, route });
  const { mac = '' } = device.settings;
  const dst = device.settings.isLayer3 ? '' : (asked.device?.settings.mac ?? groupMac(packet.dst));
  const leaving = written(frame, cut(sent, device, cameBy !== undefined), { src: mac, dst });
  const passed = past(handling, [
    ...(cameBy ? inwards(stack.hop, { frame, device: cameBy }, device) : []),
    ...outwards(stack.hop, { frame: leaving, device }, cameBy),
  ]);
  const result = afterwards(passed, asked.result);
  if (result.action === 'drop') return refusing(handling, packet, result);
  return [{ to: device, result: { ...result, frame: leaving } }];
}

function sendOwn(handling: Handling): readonly HandedOn[] {
  const { model, stack, at, frame } = handling;
  const packet = packetOf(frame);
  const way = wayOut(stack, (at as End).settings, packet.dst);
  if (way.kind === 'out') {
    const key = answered(model, at as End, frame);
    return key.action === 'drop'
      ? refusing(handling, packet, key)
      : leave(handling, packet, way).map((one) =>
          key.action === 'chance' && one.result.action === 'pass'
            ? { ...one, result: { ...one.result, ...key } }
            : one,
        );
  }
  if (way.kind === 'rejected')
    return refusing(handling, packet, rejected(stack, packet, way, undefined));
  if (way.kind === 'none') return refusing(handling, packet, noRoute(stack, packet.dst, 'packet'));
  return [{ to: endFor(handling, stack.stack.id, packet.src), result: { action: 'pass', frame } }];
}

/** Ends of the tunnels of a stack that are in the group of a packet by the device that it came by. */
function membersOf(
  { ends, stack, at, frame }: Handling,
  { src, dst }: TunnelPacket,
): readonly End[] {
  const groups = ends.filter(
    ({ stack: home, settings: { remote, dev } }) =>
      home === stack.stack.id && remote === dst && dev === at.device,
  );
  const taking = groups.filter((end) => isFor(end, frame));
  return (taking.length > 0 ? taking : groups.slice(0, 1)).map(
    (group) =>
      ends.find(
        ({ settings }) => settings.tunnel === group.settings.tunnel && settings.remote === src,
      ) ?? group,
  );
}

/** A router of the lab routes no groups: beyond it nobody hears them. */
function behindRouter(handling: Handling, { dst, family }: TunnelPacket): readonly HandedOn[] {
  const { model, ends, stack, at } = handling;
  if (!forwards(stack, at, family)) return [];
  const far = ends.filter(
    ({ stack: home, settings: { remote, dev = '' } }) =>
      remote === dst && !model.graph.isJoined(at.id, hopId(home, dev)),
  );
  const result = drop(
    `${stack.stack.id} routes no multicast: what is for ${dst} stays on the segment of ${at.label}.`,
    'Use a `remote`, or static entries in `fdb`: packets to a single address are routed.',
    'Linux net/ipv4/route.c: ip_mc_validate_source, ip_route_input_mc; net/ipv4/ipmr.c',
  );
  return far.map((to) => ({ to, result }));
}

function receive(handling: Handling): readonly HandedOn[] {
  const { stack, at, frame } = handling;
  const packet = packetOf(frame);
  const { src, dst } = packet;
  const arriving = (): Forwarding => past(handling, inwards(stack.hop, { frame, device: at }));
  if (isMulticast(dst))
    return [
      ...membersOf(handling, packet).map((to) => ({
        to,
        result: afterwards({ action: 'pass', frame }, arriving()),
      })),
      ...behindRouter(handling, packet),
    ];
  // What is for another MAC is not for the stack.
  if (at.settings.isLayer3 !== true && frame.dst !== at.settings.mac) return [];
  const cause = badSource(stack, at, packet);
  if (cause) return refusing(handling, packet, cause);
  const way = routeTo(stack, { dst, src, iif: at });
  if (way.kind === 'out') return leave(handling, packet, way, at);
  if (way.kind === 'rejected') return refusing(handling, packet, rejected(stack, packet, way, at));
  if (way.kind === 'none') return refusing(handling, packet, noRoute(stack, packet.dst, 'packet'));
  const to = endFor(handling, stack.stack.id, src);
  const result = arriving();
  return to ? [{ to, result: result.action === 'pass' ? { action: 'pass', frame } : result }] : [];
}

/** What the stacks of a lab do with the packets of its tunnels. @param ends - ids of the hops of their ends */
export const underlayOf =
  (stacks: () => IpStacks, ends: readonly string[]): Underlay =>
  (model, at, frame) => {
    const stack = stacks().get(at.stack);
    if (!stack) return [];
    const now = ends.flatMap((id) => (model.graph.hops.get(id) as End | undefined) ?? []);
    const handling: Handling = { model, stacks: stacks(), ends: now, stack, at, frame };
    return rulesOf(at.kind).isCarrier ? sendOwn(handling) : receive(handling);
  };
