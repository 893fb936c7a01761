import { activePort, type TeamSettings } from '../../hops/teaming.js';
import { device } from '../../plan/resources/kinds/device.js';
import { teamd, teamdOf } from '../../plan/resources/kinds/teamd.js';
import { bundleHops } from '../bundle.js';
import { hostOf } from '../../where.js';
import { defineDevice, type DeviceContext } from '../define.js';
import { parseLocal } from '../local.js';
import { joinMaster, takeMembers } from '../members.js';
import { teamConfig, teamSchema, watchesOf, type TeamSpec } from '../team-options.js';

/** The mode of the driver that a runner works with: libteam teamd/teamd_runner_*.c, team_mode_name. */
const modeOf = ({ runner }: TeamSpec): string => (runner === 'lacp' ? 'loadbalance' : runner);

/** Has it the address of the port that it uses? */
const follows = ({ hwaddr_policy: policy }: TeamSpec): boolean => policy === 'by_active';

/** Settings of a port as the model has them, by any names of the ports. */
const portOf = (spec: TeamSpec, port: string): TeamSettings['ports'][string] => {
  const { prio = 0, sticky = false, lacp_key: key = 0 } = spec.ports[port] ?? {};
  return { prio, sticky, key, watches: watchesOf(spec, port) };
};

const settingsOf = (spec: TeamSpec, names: readonly string[]) => ({
  runner: spec.runner,
  ports: Object.fromEntries(
    spec.members.map((port, at) => [names[at] ?? port, portOf(spec, port)]),
  ),
  least: spec.min_ports ?? 1,
  selects: spec.agg_select_policy ?? 'count',
});

/** The port that is used first, when all are alive. */
const firstOf = (spec: TeamSpec): string =>
  activePort({ members: spec.members, ...settingsOf(spec, spec.members) }, spec.members) ?? '';

const macOf = (spec: TeamSpec, context: DeviceContext): string =>
  context.mac(parseLocal(follows(spec) ? firstOf(spec) : spec.name));

/** A team inside a node: drivers/net/team, teamd(8). */
export const team = defineDevice({
  kind: 'team',
  title: 'Team in a node',
  doc: `Several devices that stand in for each other, with one MAC and one IP, like a \`bond\`. The driver only does what a daemon tells it: \`teamd\` runs in
the node for as long as the team, and is started again when it ends, while the team goes on with what it was told last. Unlike a bond a team has a priority for each port and ports that
are sticky, a link watcher of its own for each port and several at once, IPv6 among them, and the runner \`random\`.

With runner lacp it agrees with whoever speaks LACP, a \`bond\` in mode 802.3ad among others; without a partner it has no carrier. A device goes down for a moment to join. Ports count
as having come up in the order of \`members\`; where NICs and veths are ports of one team, teamd takes the faster one for the better.
\`teamnl team0 options\` shows what the driver was told. What teamd itself knows is at the end of a socket that it alone sees: \`nsenter -m -t $(pidof teamd) teamdctl team0 state\`.`,
  example: `{ kind: team, name: team0, runner: activebackup, members: [eth1, eth2], ports: { eth2: { prio: 10 } } }`,
  schema: teamSchema,
  kernelKind: 'team',
  requirements: () =>
    ['teamd', 'teamnl', 'setsid', 'unshare'].map((arg) => ({ check: 'command', arg })),
  program: ({ name }) => teamdOf(parseLocal(name)),
  makes: (spec) => [{ ...parseLocal(spec.name), path: ['name'], mac: spec.mac }],
  takes: ({ members }) => takeMembers(members),
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack, ...place } = context.inside(self.namespace);
    const hop = context.hopId(self);
    const mac = follows(spec) ? undefined : macOf(spec, context);
    const daemon = `teamd of ${hop}`;
    return [
      device.of({
        ...{ ...place, id: `team ${hop}`, makes: [hop], in: [stack], why: `team ${spec.name}` },
        wanted: {
          ...{ device: self.name, kind: 'team', options: {} },
          ...(mac !== undefined && { mac }),
          ...(spec.mtu !== undefined && { mtu: spec.mtu }),
        },
      }),
      teamd.of({
        ...{ ...place, where: hostOf(place.where), id: daemon, makes: [daemon] },
        wanted: {
          name: `${context.lab}.${place.lane}.${teamdOf(self).replace(':', '.')}`,
          ...{ netns: place.where.netns, device: self.name, mode: modeOf(spec) },
          config: teamConfig(spec, mac),
        },
        // It does not go with the team by itself.
        ...{ in: [stack], needs: [hop], why: `the daemon of ${spec.name}` },
      }),
      ...spec.members.map((text) =>
        joinMaster(text, context, {
          ...{ kind: 'team', master: spec.name, why: `${text} is a port of ${spec.name}` },
          ...{ more: { joinsDown: true }, needs: [daemon] },
        }),
      ),
    ];
  },
  hops: (spec, context) =>
    bundleHops<TeamSettings>(
      {
        ...{ kind: 'team', name: spec.name, members: spec.members, mtu: spec.mtu },
        mac: macOf(spec, context),
        ...((spec.hwaddr_policy ?? 'same_all') !== 'same_all' && { bearer: firstOf(spec) }),
        settings: (ids) => settingsOf(spec, ids),
      },
      context,
    ),
});
