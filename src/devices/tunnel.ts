import { z } from 'zod';
import { packetsOf } from '../frames/encapsulation.js';
import { overheadOf, type TunnelDevice } from '../hops/tunnel.js';
import { device } from '../plan/resources/kinds/device.js';
import { mtuId } from '../plan/resources/kinds/mtu.js';
import type { Resource } from '../plan/resources/define.js';
import { canonicalIp, familyOf } from '../topology/address.js';
import {
  deviceName,
  duplicateField,
  ipField,
  localDevice,
  macField,
  mtuField,
} from '../topology/fields.js';
import type { DeviceContext, Lower, Made } from './define.js';
import { parseLocal } from './local.js';

/** What devices of tunnels have in common: each kind says how its packets look, and what ip-link(8) is told. */

/** Fields of such a device, whatever it carries. @param overhead - octets of its headers, in words; `ttl` - its packets' when left out */
export const tunnelEndFields = (overhead: string, ttl = '64') => ({
  name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
  local: address
    .optional()
    .describe(
      'Address that its packets come from; as the route to the other end prefers when left out',
    ),
  dev: deviceName
    .optional()
    .describe(
      'Device of the same stack that its packets leave by; as the routes say when left out',
    ),
  ttl: z
    .int()
    .min(1)
    .max(255)
    .optional()
    .describe(`Time to live of its packets; ${ttl} when left out`),
  mtu: mtuField
    .optional()
    .describe(`MTU; that of the device that its packets leave by, less ${overhead}, when left out`),
});

/** Fields of one that carries frames of Ethernet. */
export const tunnelFields = (overhead: string) => {
  const { mtu, ...fields } = tunnelEndFields(overhead);
  return { ...fields, mac: macField.optional(), duplicate: duplicateField, mtu };
};

/** An address in canonical form, so that it is the same one wherever it is read. */
export const address = ipField.transform(canonicalIp);

/** The number of a network, as the header has room for it. */
export const numberOf = (bits: 24 | 32) =>
  z
    .int()
    .min(0)
    .max(2 ** bits - 1);

/** What all specs of tunnels have. */
interface TunnelSpec {
  readonly name: string;
  readonly local?: string | undefined;
  readonly dev?: string | undefined;
  readonly ttl?: number | undefined;
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
}

/** What a kind of tunnels makes of a spec. */
export interface Tunnel extends Pick<
  TunnelDevice,
  'by' | 'id' | 'port' | 'remotes' | 'entries' | 'learning' | 'isOpen' | 'source'
> {
  /** As ip-link(8) has it after `type`. */
  readonly kind: string;
  /** In the words of ip-link(8). */
  readonly options: Readonly<Record<string, string>>;
  readonly why: string;
}

/** The device of a spec, with room for the headers. */
export function makeTunnel(
  { name, dev, local, mac, mtu }: TunnelSpec,
  { by, id, remotes, entries }: Pick<Tunnel, 'by' | 'id' | 'remotes' | 'entries'>,
): readonly Made[] {
  const self = parseLocal(name);
  const towards = [...remotes, ...Object.values(entries)][0];
  const family = familyOf(towards ?? local ?? '');
  return [
    {
      ...{ ...self, path: ['name'], mac, mtu, isLayer3: packetsOf(by) !== undefined },
      carried: {
        by: dev === undefined ? undefined : { ...self, name: dev },
        ...{ towards, overhead: overheadOf(by, id, family) },
      },
    },
  ];
}

/** The device that it is bound to, which others use as well. */
export const tunnelLower = ({ name, dev }: TunnelSpec): readonly Lower[] =>
  dev === undefined
    ? []
    : [{ ...parseLocal(name), name: dev, path: ['dev'], slot: 'tunnels', shared: 'tunnels' }];

const words = (values: Readonly<Record<string, string | number | undefined>>) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );

/** The resource that makes it. */
export function planTunnel(
  { name, local, dev, ttl }: TunnelSpec,
  context: DeviceContext,
  { kind, by, options, why }: Tunnel,
): Resource {
  const self = parseLocal(name);
  const { stack, ...place } = context.inside(self.namespace);
  const [id, size] = [context.hopId(self), context.mtu(self)];
  const below = dev === undefined ? undefined : { ...self, name: dev };
  return device.of({
    ...{ ...place, id: `${kind} ${id}`, makes: [id], why },
    in: below ? [stack, context.hopId(below)] : [stack],
    needs: below && context.mtu(below) !== undefined ? [mtuId(context.hopId(below))] : undefined,
    wanted: {
      ...{ device: self.name, kind },
      ...(packetsOf(by) === undefined && { mac: context.mac(self) }),
      ...(size !== undefined && { mtu: size }),
      options: { ...options, ...words({ local, dev, ttl }) },
    },
  });
}

/** Its hop; its ends are found where the whole lab is known. */
export function tunnelHop(
  { name, local, dev, ttl }: TunnelSpec,
  context: DeviceContext,
  { kind: _kind, options: _options, why: _why, ...tunnel }: Tunnel,
) {
  const settings: TunnelDevice = { ...tunnel, local, dev, ttl };
  return { hops: [context.hop(parseLocal(name), 'tunnel', settings)], edges: [] };
}
