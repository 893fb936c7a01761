import { carrierOfMembers, nobodyAlive, throughMembers } from '../bundle-way.js';
import { isDown, refusesToSend } from '../limits.js';
import { includes } from '../onward.js';
import { chance } from '../outcome.js';
import type { Frame } from '../../frames/frame.js';
import {
  activePort,
  leftToPort,
  NO_PORT,
  shareOf,
  teamChoice,
  teamMembership,
  withoutPorts,
  type TeamSettings,
} from '../teaming.js';
import { defineHop, PASS, type Crossing, type Forwarding, type Hop } from '../types.js';
import type { World } from '../world.js';

/** The members in use; before anybody has looked all, or the one that would be. */
function usedBy({ id, settings }: Hop<TeamSettings>, { bundles }: World): readonly string[] {
  const known = bundles.get(id);
  if (known) return known;
  const { members, runner } = settings;
  return runner === 'activebackup'
    ? [activePort(settings, members)].flatMap((one) => one ?? [])
    : members;
}

function leave({ hop, from, to }: Crossing<TeamSettings>, frame: Frame, world: World): Forwarding {
  const refused = refusesToSend({ hop, from }, frame);
  if (refused) return refused;
  const used = usedBy(hop, world);
  if (used.length === 0) return nobodyAlive(hop.label, NO_PORT);
  const { runner } = hop.settings;
  if (used.length === 1 || runner === 'broadcast') return PASS;
  const isHashed = runner === 'loadbalance' || runner === 'lacp';
  const share = isHashed ? 1 / used.length : shareOf(hop.settings, used, to?.id ?? '');
  return chance(share, teamChoice(hop), frame);
}

/** A team: drivers/net/team and teamd(8). */
export const team = defineHop<TeamSettings>({
  kind: 'team',
  doc: 'Several devices that stand in for each other, as the daemon teamd decides. What its stack sends leaves by one member: by the one in use (activebackup: the best by `prio`, unless a sticky one was there before), by chance (random), in turn (roundrobin), by a hash (loadbalance, and lacp within the aggregate), or by all (broadcast). Members that its link watchers do not take to be alive are not sent by. With lacp those are used that LACP has made one aggregate, and none without a partner.',
  drops: [
    'with activebackup, loadbalance and lacp what comes in by a member that is not in use. Programs that listen on the member itself hear it all the same',
    'LACP with loadbalance and lacp: it is for programs on the member',
    'everything while it has no member that is alive',
    'what a program sends beyond its MTU',
  ],
  bundle: ({ settings }) => teamMembership(settings),
  settling({ device, settings: { members } }, crossed) {
    // The id of a hop is its stack and its device.
    const ports = members.filter((id) => crossed.has(id)).map((id) => id.split(' ')[1] ?? '');
    if (ports.length === 0) return undefined;
    return {
      argv: ['teamnl', device, 'options'],
      unsettled: `^ *enabled (port:\\(${ports.join('\\|').replaceAll('.', '[.]')}\\)) false`,
    };
  },
  carrier: (place, bundles) =>
    carrierOfMembers(place, bundles, (used) =>
      used.length < Math.max(place.hop.settings.least, 1)
        ? withoutPorts(place.hop, used)
        : undefined,
    ),
  observable: ({ hop }) => hop.settings.down !== true,
  next: (place, from, _frame, world) => throughMembers(place, from, () => usedBy(place.hop, world)),
  takes: (hop, from, frame, world) =>
    hop.settings.members.includes(from.id)
      ? leftToPort(hop, from, usedBy(hop, world), frame)
      : undefined,
  forward(crossing, frame, world) {
    const { from, place } = crossing;
    const isFromMember = from !== undefined && includes(place.ports, from);
    return isFromMember ? (isDown(crossing.hop) ?? PASS) : leave(crossing, frame, world);
  },
});
