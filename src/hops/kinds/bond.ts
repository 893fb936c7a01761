import {
  choice,
  fromUnused,
  hashOf,
  isAdaptive,
  isIgmp,
  isLacp,
  isOne,
  isSpread,
  NOBODY,
  taken,
  withoutMembers,
  type BondSettings,
} from '../bonding.js';
import { carrierOfMembers, nobodyAlive, throughMembers } from '../bundle-way.js';
import type { Frame } from '../../frames/frame.js';
import { isDown, refusesToSend } from '../limits.js';
import { includes } from '../onward.js';
import { chance } from '../outcome.js';
import { defineHop, PASS, type Crossing, type Forwarding, type Hop } from '../types.js';
import type { LinkWatch, World } from '../world.js';

/** The members in use; before anybody has looked all, or the first of them. */
const usedBy = ({ id, settings }: Hop<BondSettings>, { bundles }: World): readonly string[] => {
  const { members, primary } = settings;
  return bundles.get(id) ?? (isOne(settings) ? [primary ?? members[0] ?? ''] : members);
};

/** Members with the preferred one before the others. */
const withPrimary = (alive: readonly string[], primary: string | undefined): readonly string[] =>
  alive.toSorted((a, b) => Number(b === primary) - Number(a === primary));

/** The members that a frame may leave by. */
function mayLeaveBy(
  hop: Hop<BondSettings>,
  from: Hop | undefined,
  frame: Frame,
  world: World,
): readonly string[] {
  const { settings } = hop;
  const used = usedBy(hop, world);
  const { mode, members } = settings;
  if (isAdaptive(mode) && isSpread(mode, frame)) return members;
  if (isOne(settings) || mode === 'broadcast') return used;
  if (mode === 'balance-rr') return isIgmp(frame) ? used.slice(0, 1) : used;
  const hash = hashOf(settings, frame, from === undefined);
  return hash === undefined ? used : used.slice(hash % used.length).slice(0, 1);
}

function leave(
  { hop, from, to, place }: Crossing<BondSettings>,
  frame: Frame,
  world: World,
): Forwarding {
  const refused = refusesToSend({ hop, from }, frame);
  if (refused) return refused;
  const { mode } = hop.settings;
  const used = usedBy(hop, world);
  if (used.length === 0) return nobodyAlive(hop.label, NOBODY);
  const by = mayLeaveBy(hop, from, frame, world);
  const isOther = isAdaptive(mode) && to !== undefined && !used.includes(to.id);
  const own = place.ports.find(({ id }) => id === to?.id)?.settings.mac;
  const sent = isOther && own !== undefined ? { ...frame, src: own } : frame;
  if (by.length === 1 || mode === 'broadcast') return { action: 'pass', frame: sent };
  return chance(1 / by.length, choice(hop), sent);
}

/** A bond: drivers/net/bonding. */
export const bond = defineHop<BondSettings>({
  kind: 'bond',
  doc: 'Several devices that stand in for each other. What its stack sends leaves by one member: by the one in use (active-backup), by a hash of the addresses (balance-xor and 802.3ad, known beforehand with the policy `layer2`), by chance (balance-rr, and unicast in balance-tlb and balance-alb), or by all (broadcast). Members without carrier are not used while it watches them, nor, where it asks by ARP, those by which nobody hears it. In mode 802.3ad those are used that LACP has made one aggregate.',
  drops: [
    'what comes in by a member that is not in use, unless `all_slaves_active`; in balance-alb only what is for a group. Programs that listen on the member itself hear it all the same',
    'LACP in mode 802.3ad: the driver takes it itself',
    'everything while it has no member that is alive',
    'what a program sends beyond its MTU',
  ],
  bundle: ({ settings }) => {
    const { members, primary, watches, asks, mode } = settings;
    const told: readonly LinkWatch[] = asks ? ['arp'] : watches ? ['carrier'] : [];
    return {
      members,
      watches: Object.fromEntries(members.map((id) => [id, told])),
      uses: (alive) => (isOne(settings) ? withPrimary(alive, primary).slice(0, 1) : alive),
      ...(mode === '802.3ad' && {
        // The largest, else the first member by itself: drivers/net/bonding/bond_3ad.c, ad_agg_selection_test.
        agrees: (aggregates: readonly (readonly string[])[], alive: readonly string[]) =>
          aggregates.toSorted((a, b) => b.length - a.length)[0] ?? alive.slice(0, 1),
      }),
    };
  },
  settling: ({ device, settings }) =>
    settings.mode === '802.3ad'
      ? {
          argv: ['ip', '-d', 'link', 'show', 'master', device],
          // Neither distributing nor without a partner.
          unsettled:
            'actor_oper_port_state_str <[a-z_,]*\\(active\\|timeout\\|aggregating\\|in_sync\\|collecting\\|expired\\)>',
        }
      : undefined,
  carrier(place, bundles) {
    const { hop } = place;
    const { watches, mode, least } = hop.settings;
    const source = carrierOfMembers(place, bundles, (used) => {
      const isShort = mode === '802.3ad' && used.length < least;
      return isShort || used.length === 0 ? withoutMembers(hop, used) : undefined;
    });
    return source.isLost === true || watches ? source : undefined;
  },
  observable: ({ hop }) => hop.settings.down !== true,
  next: (place, from, frame, world) =>
    throughMembers(place, from, () => mayLeaveBy(place.hop, from, frame, world)),
  takes(hop, from, frame, world) {
    const { members, mode } = hop.settings;
    if (!members.includes(from.id)) return undefined;
    if (mode === '802.3ad' && isLacp(frame)) return taken(hop.label);
    const used = usedBy(hop, world);
    if (used.includes(from.id) || !(isOne(hop.settings) || mode === '802.3ad')) return undefined;
    return fromUnused(hop, from, used, frame);
  },
  forward(crossing, frame, world) {
    const { from, place } = crossing;
    const isFromMember = from !== undefined && includes(place.ports, from);
    return isFromMember ? (isDown(crossing.hop) ?? PASS) : leave(crossing, frame, world);
  },
});
