import { z } from 'zod';
import type { Resource } from '../plan/resources/define.js';
import { tuntap } from '../plan/resources/kinds/tuntap.js';
import { localDevice, mtuField } from '../topology/fields.js';
import type { DeviceContext } from './define.js';
import { parseLocal } from './local.js';

/** What tun and tap devices have in common: ip-tuntap(8). */

const owner = z
  .int()
  .min(0)
  .max(2 ** 32 - 2)
  .optional();

/** Fields of such a device. */
export const tuntapFields = {
  name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
  user: owner.describe(
    'Number of the user who may open it; root alone, and who has CAP_NET_ADMIN, when left out',
  ),
  group: owner.describe('Number of the group whose members may open it'),
  pi: z
    .boolean()
    .default(false)
    .describe(
      'Before each packet that the program reads or writes stand four octets that tell its type',
    ),
  vnet_hdr: z
    .boolean()
    .default(false)
    .describe(
      'Before each packet stands a header of virtio that tells of checksums and segments left undone',
    ),
  multi_queue: z
    .boolean()
    .default(false)
    .describe('Several programs or threads may open it, each with a queue'),
  mtu: mtuField.optional(),
};

interface Spec {
  readonly kind: 'tun' | 'tap';
  readonly name: string;
  readonly user?: number | undefined;
  readonly group?: number | undefined;
  readonly pi: boolean;
  readonly vnet_hdr: boolean;
  readonly multi_queue: boolean;
  readonly mtu?: number | undefined;
}

/** The resource that makes it. @param mac - none for a tun */
export function planTuntap(spec: Spec, context: DeviceContext, mac: string | undefined): Resource {
  const { kind: mode, name, user, group, mtu } = spec;
  const self = parseLocal(name);
  const { stack, ...place } = context.inside(self.namespace);
  const id = context.hopId(self);
  return tuntap.of({
    ...{ ...place, id: `${mode} ${id}`, makes: [id], in: [stack] },
    wanted: {
      ...{ device: self.name, mode },
      ...(mac !== undefined && { mac }),
      ...(mtu !== undefined && { mtu }),
      ...(user !== undefined && { user }),
      ...(group !== undefined && { group }),
      flags: (['pi', 'vnet_hdr', 'multi_queue'] as const).filter((flag) => spec[flag]),
    },
    why: `${mode} device ${name}, which stays without a program`,
  });
}
