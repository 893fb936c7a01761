import { z } from 'zod';
import { TEAM_RUNNERS, type TeamRunner } from '../hops/teaming.js';
import type { LinkWatch } from '../hops/world.js';
import { duplicateField, localDevice, macField, mtuField, oneOrMany } from '../topology/fields.js';
import { parseLocal } from './local.js';

/** What may be written of a team: teamd.conf(5). */

const milliseconds = z.int().min(0).max(2_147_483_647);
const whole = (most: number) => z.int().min(0).max(most);

const asking = {
  interval: milliseconds.optional().describe('Milliseconds between questions; 1000 when left out'),
  init_wait: milliseconds.optional().describe('Milliseconds until the first one'),
  missed_max: whole(1000)
    .optional()
    .describe('So many answers may be missed in a row; 3 when left out'),
};

const linkWatch = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('ethtool').describe('By its carrier'),
    delay_up: milliseconds.optional().describe('Milliseconds until a port with carrier is used'),
    delay_down: milliseconds
      .optional()
      .describe('Milliseconds until a port without carrier is used no more'),
  }),
  z.strictObject({
    name: z
      .literal('arp_ping')
      .describe(
        'By ARP that comes in; ports in use ask for it. The prediction asks whether anybody hears that',
      ),
    ...asking,
    target_host: z.ipv4({ error: 'write an IPv4 address' }).describe('Whom it asks for'),
    source_host: z
      .ipv4({ error: 'write an IPv4 address' })
      .optional()
      .describe('Address that it gives as its own; 0.0.0.0 when left out'),
    validate_active: z
      .boolean()
      .optional()
      .describe('At a port in use only answers of `target_host` count'),
    validate_inactive: z.boolean().optional().describe('The same at the other ports'),
    send_always: z.boolean().optional().describe('Ports that are not in use ask as well'),
    vlanid: z.int().min(0).max(4095).optional().describe('VLAN whose tag the questions have'),
  }),
  z.strictObject({
    name: z
      .literal('nsna_ping')
      .describe('The same by neighbour solicitations and advertisements of IPv6'),
    ...asking,
    target_host: z.ipv6({ error: 'write an IPv6 address' }).describe('Whom it asks for'),
  }),
]);
type Watch = z.output<typeof linkWatch>;

const portFields = z.strictObject({
  prio: z.int().optional().describe('The higher the better; 0 when left out'),
  sticky: z
    .boolean()
    .optional()
    .describe('Once it is used, a better one does not take its place while it is alive'),
  lacp_prio: whole(65535)
    .optional()
    .describe('What LACP says: the lower the better; 255 when left out'),
  lacp_key: whole(65535)
    .optional()
    .describe('Only ports of one key share an aggregate; 0 when left out'),
  link_watch: oneOrMany(linkWatch)
    .optional()
    .describe('What tells whether this port is alive, in place of that of the team'),
});

const HASHED = ['eth', 'vlan', 'ipv4', 'ipv6', 'ip', 'l3', 'tcp', 'udp', 'sctp', 'l4'] as const;

const fields = z.strictObject({
  kind: z.literal('team'),
  name: localDevice
    .regex(/^([^:]+:)?[a-z0-9-]+$/, {
      error: 'write a name of lower-case letters, digits and hyphens: files of its daemon have it',
    })
    .describe('Name of the team: `device` or `namespace:device`'),
  members: z
    .array(localDevice)
    .min(1)
    .describe('Devices that it uses, in the same namespace; they lose what IP they have'),
  runner: z
    .enum(TEAM_RUNNERS)
    .default('roundrobin')
    .describe(
      'How it uses them: all at once (broadcast), in turn (roundrobin), by chance (random), one at a time (activebackup), by a hash (loadbalance), or as LACP agrees (lacp)',
    ),
  ports: z
    .record(localDevice, portFields, {
      error: 'write settings by port, such as `eth1: { prio: 10 }`',
    })
    .default({})
    .describe('Settings of ports, by their names in `members`'),
  link_watch: oneOrMany(linkWatch)
    .optional()
    .describe(
      'What tells whether a port is alive, by itself or several of which one is enough; its carrier when left out',
    ),
  hwaddr_policy: z
    .enum(['same_all', 'by_active', 'only_active'])
    .optional()
    .describe(
      'Runner activebackup: give all ports the MAC of the team (same_all, as when left out), take that of the port in use (by_active), or give it to that port alone (only_active)',
    ),
  tx_hash: z
    .array(z.enum(HASHED))
    .min(1)
    .optional()
    .describe(
      'Runners loadbalance and lacp: what the hash looks at; eth, ipv4 and ipv6 when left out',
    ),
  active: z.boolean().optional().describe('Runner lacp: speak first; true when left out'),
  fast_rate: z
    .boolean()
    .optional()
    .describe('Runner lacp: ask the partner for LACP every second, not every 30'),
  sys_prio: whole(65535)
    .optional()
    .describe('Runner lacp: priority of this side; 65535 when left out'),
  min_ports: z
    .int()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'Runner lacp: ports that must be in use for the team to have carrier; 1 when left out',
    ),
  agg_select_policy: z
    .enum(['count', 'port_config'])
    .optional()
    .describe(
      'Runner lacp: of several aggregates use the one with most ports (count, as when left out), or that of the best port by `prio` and `sticky` (port_config). The other policies of teamd choose by numbers of the kernel, and are not to be had here',
    ),
  mac: macField.optional(),
  duplicate: duplicateField,
  mtu: mtuField.optional().describe('MTU of the team, which gives it to its members'),
});
export type TeamSpec = z.output<typeof fields>;

/** The runners that have an option of their own. */
const RUNNERS_OF = {
  hwaddr_policy: ['activebackup'],
  tx_hash: ['loadbalance', 'lacp'],
  active: ['lacp'],
  fast_rate: ['lacp'],
  sys_prio: ['lacp'],
  min_ports: ['lacp'],
  agg_select_policy: ['lacp'],
} as const satisfies Partial<Record<keyof TeamSpec, readonly TeamRunner[]>>;
const OPTIONS = Object.keys(RUNNERS_OF) as (keyof typeof RUNNERS_OF)[];

/** What teamd would refuse, or take without a word and not do. */
export const teamSchema = fields.superRefine((spec, context) => {
  for (const option of OPTIONS) {
    const runners: readonly TeamRunner[] = RUNNERS_OF[option];
    if (spec[option] !== undefined && !runners.includes(spec.runner))
      context.addIssue({
        ...{ code: 'custom', path: [option], input: spec },
        message: `leave it out, or write ${runners.map((one) => `\`runner: ${one}\``).join(' or ')}`,
      });
  }
  for (const port of Object.keys(spec.ports))
    if (!spec.members.includes(port))
      context.addIssue({
        ...{ code: 'custom', path: ['ports', port], input: spec },
        message: 'write settings of one of `members`',
      });
});

const DEFAULT_WATCH: readonly Watch[] = [{ name: 'ethtool' }];

const TOLD_BY = {
  ethtool: 'carrier',
  arp_ping: 'arp',
  nsna_ping: 'nd',
} as const satisfies Record<Watch['name'], LinkWatch>;

const watchersOf = ({ ports, link_watch: all }: TeamSpec, port: string): readonly Watch[] =>
  ports[port]?.link_watch ?? all ?? DEFAULT_WATCH;

/** What tells whether a port is alive, in the words of the model. */
export const watchesOf = (spec: TeamSpec, port: string): readonly LinkWatch[] =>
  watchersOf(spec, port).map(({ name }) => TOLD_BY[name]);

/** One by itself, or a list. */
const alone = (watches: readonly Watch[]): unknown => (watches.length === 1 ? watches[0] : watches);

/** The text of teamd.conf(5). @param mac - that of the team, where it has one of its own */
export function teamConfig(spec: TeamSpec, mac: string | undefined): string {
  const { runner, ports, members } = spec;
  const options = OPTIONS.flatMap((name) =>
    spec[name] === undefined ? [] : [[name, spec[name]] as const],
  );
  return JSON.stringify({
    ...(mac !== undefined && { hwaddr: mac }),
    runner: {
      name: runner,
      ...(runner === 'lacp' && { agg_select_policy: 'count' }),
      ...Object.fromEntries(options),
    },
    ports: Object.fromEntries(
      members.map((port) => {
        // Those of the team would count beside those of the port: teamd_link_watch.c, link_watch_event_watch_port_added.
        const own = { ...ports[port], link_watch: alone(watchersOf(spec, port)) };
        return [parseLocal(port).name, own];
      }),
    ),
  });
}
