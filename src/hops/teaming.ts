import { reservedNumber } from '../frames/mac.js';
import type { Frame } from '../frames/frame.js';
import { namesOf, type BundleSettings } from './bundle-way.js';
import { drop } from './outcome.js';
import type { Cause, Forwarding, Hop } from './types.js';
import type { LinkWatch, Membership } from './world.js';

/** What a team does with frames: Linux drivers/net/team, and what teamd(8) decides for it by its runners. */

const CODE = 'Linux drivers/net/team/';
const DAEMON = 'libteam teamd/';

/** The runners of teamd.conf(5). */
export const TEAM_RUNNERS = [
  'broadcast',
  'roundrobin',
  'random',
  'activebackup',
  'loadbalance',
  'lacp',
] as const;
export type TeamRunner = (typeof TEAM_RUNNERS)[number];

/** What teamd knows of a port, as the model reads it. */
interface TeamPort {
  /** The higher the better. */
  readonly prio: number;
  /** Once it is used, a better one does not take its place. */
  readonly sticky: boolean;
  /** It shares an aggregate only with ports of the same key: runner lacp. */
  readonly key: number;
  readonly watches: readonly LinkWatch[];
}

/** A team, as the model reads it. */
export interface TeamSettings extends BundleSettings {
  readonly runner: TeamRunner;
  /** By the ids of its members. */
  readonly ports: Readonly<Record<string, TeamPort>>;
  /** Runner lacp: so many members must be in use for it to have carrier. */
  readonly least: number;
  /** Runner lacp: by what it chooses an aggregate, the number of its ports or the `prio` of its best. */
  readonly selects: 'count' | 'port_config';
}

const prioOf = ({ ports }: TeamSettings, id: string): number => ports[id]?.prio ?? 0;

/**
 * The port that is used of those that are alive, when all have come up in the order in which they joined: a better one takes
 * the place of one that is not sticky. (teamd_runner_activebackup.c, ab_link_watch_handler)
 */
export function activePort(settings: TeamSettings, alive: readonly string[]): string | undefined {
  let active: string | undefined;
  for (const id of alive) {
    const isBetter = active === undefined || prioOf(settings, id) > prioOf(settings, active);
    const isKept = active !== undefined && settings.ports[active]?.sticky === true;
    if (isBetter && !isKept) active = id;
  }
  return active;
}

/** Ports whose keys are the same, which alone share an aggregate. (teamd_runner_lacp.c, lacp_ports_aggregable) */
const byKey = ({ ports }: TeamSettings, aggregate: readonly string[]): readonly string[][] =>
  [...new Set(aggregate.map((id) => ports[id]?.key))].map((key) =>
    aggregate.filter((id) => ports[id]?.key === key),
  );

/** The aggregate that is used: without a partner there is none. (teamd_runner_lacp.c, lacp_get_next_agg) */
function aggregateOf(
  settings: TeamSettings,
  aggregates: readonly (readonly string[])[],
): readonly string[] {
  const all = aggregates.flatMap((one) => byKey(settings, one));
  const worth = (one: readonly string[]): number =>
    settings.selects === 'count' ? one.length : Math.max(...one.map((id) => prioOf(settings, id)));
  return all.toSorted((a, b) => worth(b) - worth(a))[0] ?? [];
}

/** How it uses its members. */
export function teamMembership(settings: TeamSettings): Membership {
  const { members, ports, runner } = settings;
  return {
    members,
    watches: Object.fromEntries(members.map((id) => [id, ports[id]?.watches ?? []])),
    uses: (alive) =>
      runner === 'activebackup' ? [activePort(settings, alive)].flatMap((id) => id ?? []) : alive,
    ...(runner === 'lacp' && {
      agrees: (aggregates: readonly (readonly string[])[]) => aggregateOf(settings, aggregates),
    }),
  };
}

/**
 * Does the driver take what comes by a member for the team? These runners leave a port enabled whatever becomes of its link;
 * the others enable those that they use.
 */
const enablesAll = ({ runner }: TeamSettings): boolean =>
  runner === 'broadcast' || runner === 'roundrobin' || runner === 'random';

/**
 * How likely a member sends a frame where each has the same chance: one that is not alive leaves it to the next that is.
 * (include/linux/if_team.h, team_get_first_port_txable_rcu)
 */
export function shareOf(
  { members }: TeamSettings,
  used: readonly string[],
  member: string,
): number {
  const senders = members.map((_, at) => {
    const round = [...members.slice(at), ...members.slice(0, at)];
    return round.find((id) => used.includes(id));
  });
  return senders.filter((id) => id === member).length / senders.length;
}

/** What chooses between members, in words. */
export const teamChoice = ({ label, settings: { runner } }: Hop<TeamSettings>): Cause => ({
  reason: `${label} runs ${runner} and sends each frame by one of its members: ${WHAT_DECIDES[runner] ?? 'a hash of the frame'} decides which.`,
  remedy: 'Use `runner: activebackup`, which sends by one member for certain, or `broadcast`.',
  source: `${CODE}team_mode_${MODES[runner] ?? runner}.c; teamd.conf(5), runner.name`,
});

const WHAT_DECIDES: Partial<Record<TeamRunner, string>> = {
  roundrobin: 'their turn',
  random: 'chance',
};
/** The mode of the driver, where that is called otherwise. */
const MODES: Partial<Record<TeamRunner, string>> = { lacp: 'loadbalance' };

/** What keeps it from sending when no member is alive. */
export const NO_PORT = `${CODE}team.c: __team_carrier_check; net/sched/sch_generic.c: dev_deactivate`;

/** Why it has no carrier: too few members are in use. */
export const withoutPorts = (
  { label, settings: { least } }: Hop<TeamSettings>,
  used: readonly string[],
): Cause => ({
  reason: `${label} uses ${used.length === 0 ? 'none' : used.length} of its members${least > 1 ? `, and \`min_ports\` wants ${least}` : ''}: it has no carrier.`,
  remedy: 'Bring more members up, with what is at the other end of their cables.',
  source: `${CODE}team.c: __team_carrier_check; ${DAEMON}teamd_runner_lacp.c: lacp_update_carrier`,
});

/** EtherType of the slow protocols, LACP among them: IEEE 802.3-2018, annex 57A. */
const SLOW = 0x8809;

/** What comes to a member that the driver leaves to programs that listen on the member itself; nothing where the team takes it. */
export function leftToPort(
  { label, settings }: Hop<TeamSettings>,
  from: Hop,
  used: readonly string[],
  { dst, etherType }: Frame,
): Forwarding | undefined {
  const { runner } = settings;
  if (!enablesAll(settings) && !used.includes(from.id)) {
    const others = namesOf(used);
    const why =
      runner === 'lacp'
        ? 'LACP has not made it part of the aggregate'
        : runner === 'activebackup'
          ? 'it is a backup'
          : 'it is not alive';
    return drop(
      `${from.label} is a member that ${label} does not use now (it uses ${others || 'none'}): ${why}, and what comes in by it is for programs that listen on ${from.label} itself alone.`,
      others === '' ? 'Bring a member up.' : `Send it by the cable of ${others}.`,
      `${CODE}team.c: team_handle_frame (port not enabled: RX_HANDLER_EXACT)`,
    );
  }
  const isBalancing = runner === 'loadbalance' || runner === 'lacp';
  if (!isBalancing || etherType !== SLOW || reservedNumber(dst) !== 2) return undefined;
  return drop(
    `${label} runs ${runner}, whose mode of the driver leaves LACP to programs that listen on ${from.label} itself, as teamd does.`,
    'Listen on the member, or use another runner.',
    `${CODE}team_mode_loadbalance.c: lb_receive`,
  );
}
