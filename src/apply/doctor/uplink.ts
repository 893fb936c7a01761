import { z } from 'zod';
import { PatchlabError } from '../../errors.js';
import { commandFailed } from '../command.js';
import { bad, type CheckContext, defineCheck, type Diagnosis, good } from './define.js';

const devices = z.array(
  z.object({
    ifname: z.string(),
    flags: z.array(z.string()),
    link_type: z.string(),
    ifindex: z.number(),
    master: z.string().optional(),
    ifalias: z.string().optional(),
    link_index: z.number().optional(),
    link: z.string().nullish(),
    link_netnsid: z.number().optional(),
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
    addr_info: z.array(z.object({ local: z.string().optional() })).default([]),
  }),
);
type Device = z.output<typeof devices>[number];

const routes = z.array(z.object({ dev: z.string().optional() }));

/** Kinds of devices that take over what their lower device receives: net/core/dev.c, netdev_rx_handler_register. */
const HANDLERS = new Set(['macvlan', 'macvtap', 'ipvlan', 'ipvtap', 'macsec']);

async function ask<T>(context: CheckContext, schema: z.ZodType<T>, ...argv: string[]): Promise<T> {
  const result = await context.run(['ip', ...argv]);
  if (result.exitCode !== 0) throw commandFailed(result);
  const parsed = schema.safeParse(JSON.parse(result.stdout || '[]'));
  if (parsed.success) return parsed.data;
  throw new PatchlabError('host/unreadable', {
    what: `\`ip ${argv.join(' ')}\` did not answer as iproute2 does.`,
    cause: parsed.error,
  });
}

/** Why a device cannot be had without cutting off its user, or something else that is on it; nothing where it can. */
function refusal(
  device: Device,
  all: readonly Device[],
  bridge: string,
  ssh: string | undefined,
): Diagnosis | undefined {
  const { ifname: name, ifalias = '', master } = device;
  if (ifalias.startsWith('patchlab'))
    return bad(
      `\`${name}\` is a device of a lab itself.`,
      'join labs by a link between their nodes, in one file',
    );
  if (device.link_type !== 'ether')
    return bad(
      `\`${name}\` carries no Ethernet (${device.link_type}), and is no port of a bridge.`,
      'name an interface that carries Ethernet',
    );
  if (master !== undefined && master !== bridge)
    return bad(
      `\`${name}\` is a port of \`${master}\` already.`,
      `name another interface; or, if nothing needs it there: ip link set dev ${name} nomaster`,
    );
  const upper = all.find(
    ({ link, link_index, link_netnsid, linkinfo }) =>
      link_netnsid === undefined &&
      HANDLERS.has(linkinfo?.info_kind ?? '') &&
      (link === name || link_index === device.ifindex),
  );
  if (upper)
    return bad(
      `\`${upper.ifname}\`, a ${upper.linkinfo?.info_kind}, is on \`${name}\` and takes what it receives.`,
      `name another interface; or, if nothing needs it: ip link del ${upper.ifname}`,
    );
  if (ssh !== undefined && device.addr_info.some(({ local }) => local === ssh))
    return bad(
      `\`${name}\` has the address ${ssh} that you are connected to by ssh, and would no longer answer for it.`,
      'name another interface, or come to this machine by one',
    );
  if (!device.flags.includes('UP'))
    return bad(
      `\`${name}\` is down, and a lab changes nothing of it.`,
      `ip link set dev ${name} up`,
    );
  return undefined;
}

export const uplink = defineCheck({
  name: 'uplink',
  title: 'Interface may be joined to a segment',
  doc: 'The interface that a link names as its `uplink` becomes a port of the bridge of that link: what this machine itself does by it would no longer work. So it must carry neither a default route nor the ssh connection of who asks, and belong to nothing else.',
  argument: {
    meaning: 'name of an interface of this machine, and of the bridge that it is to be a port of',
  },
  severity: 'error',
  ofLab: true,
  needs: ['ip'],
  async run(arg, context) {
    const [name = '', bridge = ''] = arg.split(' ');
    const all = await context.once('addresses', () =>
      ask(context, devices, '-d', '-json', 'address'),
    );
    const device = all.find(({ ifname }) => ifname === name);
    if (!device)
      return bad(
        `This machine has no interface \`${name}\`.`,
        `write one of ${all.map(({ ifname }) => ifname).join(', ')}`,
      );
    // SSH_CONNECTION: address and port of the client, address and port of the server (ssh(1)).
    const ssh = context.env['SSH_CONNECTION']?.split(' ')[2];
    const refused = refusal(device, all, bridge, ssh);
    if (refused) return refused;
    const defaults = await context.once('default routes', async () => {
      const show = ['route', 'show', 'default', 'table', 'all'];
      const found = [];
      for (const family of ['-4', '-6'])
        found.push(...(await ask(context, routes, family, '-json', ...show)));
      return found;
    });
    if (defaults.some(({ dev }) => dev === name))
      return bad(
        `\`${name}\` carries a default route: this machine would lose its network.`,
        'name an interface that this machine does not need',
      );
    return good('this machine does not need it');
  },
});
