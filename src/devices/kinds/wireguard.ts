import { z } from 'zod';
import type { WireguardDevice } from '../../hops/kinds/wireguard.js';
import type { WireguardPeer } from '../../hops/seal.js';
import { device } from '../../plan/resources/kinds/device.js';
import { wireguard as configuration } from '../../plan/resources/kinds/wireguard.js';
import { familyOf, hostPrefix, splitCidr, startOf } from '../../topology/address.js';
import { cidrField, deviceRef, localDevice, mtuField } from '../../topology/fields.js';
import { defineDevice, type DeviceContext } from '../define.js';
import { parseLocal } from '../local.js';
import { address } from '../tunnel.js';
import { derivedKey, fingerprint, publicKeyOf } from '../wireguard-keys.js';

/** The port of the examples of wg(8), which all use. */
const PORT = 51820;
/** Room for its headers in a packet of IPv6, on Ethernet, whatever the device below has: drivers/net/wireguard/device.c, wg_setup. */
const MTU = 1420;

const key = (what: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, {
      error: 'write a key of 32 octets in base64, as `wg genkey` and `wg pubkey` print it',
    })
    .describe(what);

/** A prefix as the kernel has it: from its first address. */
function wholePrefix(cidr: string): string {
  const { prefix, ...first } = splitCidr(cidr);
  return `${startOf({ prefix, ...first })}/${prefix}`;
}

const port = z.int().min(1).max(65535);

const peer = z
  .strictObject({
    device: deviceRef
      .optional()
      .describe('The device at the other end, where that is one of the lab, as `node:device`'),
    public_key: key('In place of `device`: the public key of the other end').optional(),
    allowed_ips: z
      .array(cidrField.transform(wholePrefix))
      .optional()
      .describe(
        'Whose addresses these are: it gets what is for them, and only from them is anything of its taken; the addresses of `device` when left out',
      ),
    endpoint: address
      .optional()
      .describe(
        'Address at which the other end is, below; when left out it is known once that has spoken',
      ),
    port: port.optional().describe('UDP port there; that of `device`, or 51820, when left out'),
    keepalive: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe(
        'Seconds after which it says something when there was nothing to say; never when left out',
      ),
    preshared_key: key('A second key, which both ends have; a secret').optional(),
  })
  .refine(({ device: ref, public_key }) => (ref === undefined) !== (public_key === undefined), {
    path: ['device'],
    error: 'write either `device` or `public_key`',
  });

const schema = z.strictObject({
  kind: z.literal('wireguard'),
  name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
  private_key: key(
    'Its private key; when left out it is derived from the names of lab and device, and no secret',
  ).optional(),
  listen_port: port.default(PORT).describe('UDP port at which it listens'),
  fwmark: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0)
    .describe('Mark of the packets that it sends, for rules of nft and of routing; 0 is none'),
  mtu: mtuField.default(MTU).describe('MTU; what does not fit below is cut in pieces there'),
  peers: z.array(peer).default([]).describe('The devices at other ends'),
});

type Spec = z.output<typeof schema>;

/** The private key of a device: as written, or derived from its names. */
const ownKey = (spec: Spec, context: DeviceContext): string => {
  const { namespace, name } = parseLocal(spec.name);
  return spec.private_key ?? derivedKey(context.lab, context.inside(namespace).stack, name);
};

/** The peers of a device, with all that is left out in the file. */
function peersOf(spec: Spec, context: DeviceContext) {
  return spec.peers.map((one) => {
    const other = one.device === undefined ? undefined : context.other<Spec>(one.device);
    const theirs = other?.spec;
    const name = one.device ?? `peer ${one.public_key?.slice(0, 8)}…`;
    return {
      ...{ name, secret: one.preshared_key, keepalive: one.keepalive ?? 0 },
      key: one.public_key ?? (other ? publicKeyOf(ownKey(other.spec, other.context)) : ''),
      allowed:
        one.allowed_ips ??
        other?.context.addresses(parseLocal(other.spec.name)).map(hostPrefix) ??
        [],
      endpoint:
        one.endpoint === undefined
          ? undefined
          : { ip: one.endpoint, port: one.port ?? theirs?.listen_port ?? PORT },
    };
  });
}

/** Its peers as the model knows them. */
const modelled = (spec: Spec, context: DeviceContext): readonly WireguardPeer[] =>
  peersOf(spec, context).map(({ name, key: theirs, secret, allowed, endpoint, keepalive }) => ({
    ...{ name, key: theirs, allowed, endpoint, isKept: keepalive > 0 && endpoint !== undefined },
    preshared: secret === undefined ? undefined : fingerprint(secret),
  }));

const written = ({ ip, port: at }: { readonly ip: string; readonly port: number }): string =>
  familyOf(ip) === 6 ? `[${ip}]:${at}` : `${ip}:${at}`;

/** A device of WireGuard inside a node: drivers/net/wireguard/, wg(8). */
export const wireguard = defineDevice({
  kind: 'wireguard',
  title: 'WireGuard device in a node',
  doc: `Packets of IPv4 and IPv6, each sealed for the one peer among whose \`allowed_ips\` its destination is, in UDP packets of the stack. Of what a
peer sends only what comes from its \`allowed_ips\` is taken. It has no header of Ethernet and no MAC: ARP and LLDP cannot go by it. Before the first packet
the two ends agree on a key, which takes a message each way. A peer without an \`endpoint\` is sent to where it was last heard. Captures
between the two ends cannot tell one sealed packet from another: such hops are not looked at.

A key that the file does not give is derived from names that everybody may know: fit for a lab, and for nothing else. One that it gives is no argument of
any command and not in what \`patchlab plan\` shows, where \`HIDDEN\` stands for it: put it in before you run that script by hand. It is in the topology
itself, and in the files of the lab below /var/lib/patchlab, which root alone can read.`,
  example: `{ kind: wireguard, name: wg0, peers: [{ public_key: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=', allowed_ips: [10.1.0.0/24], endpoint: 10.0.0.2 }] }`,
  schema,
  kernelKind: 'wireguard',
  requirements: () => [{ check: 'command', arg: 'wg' }],
  listens: ({ listen_port: at }) => ({ port: at, field: 'listen_port' }),
  makes: ({ name, mtu }) => [
    { ...parseLocal(name), path: ['name'], mac: undefined, mtu, isLayer3: true },
  ],
  peers: ({ peers }) =>
    peers.flatMap(({ device: ref }, index) =>
      ref === undefined ? [] : [{ ref, path: ['peers', index, 'device'] }],
    ),
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack, ...place } = context.inside(self.namespace);
    const id = context.hopId(self);
    const privateKey = ownKey(spec, context);
    return [
      device.of({
        ...{ ...place, id: `wireguard ${id}`, makes: [id], in: [stack] },
        wanted: { device: self.name, mtu: spec.mtu, kind: 'wireguard', options: {} },
        why: `${spec.name}: WireGuard`,
      }),
      configuration.of({
        ...{ ...place, id: `wireguard keys ${id}`, in: [stack, id] },
        wanted: {
          device: self.name,
          privateKey: spec.private_key === undefined ? privateKey : { secret: privateKey },
          ...{ listenPort: spec.listen_port, fwmark: spec.fwmark },
          peers: Object.fromEntries(
            peersOf(spec, context).map((one) => [
              one.key,
              {
                ...(one.secret !== undefined && { presharedKey: { secret: one.secret } }),
                ...(one.endpoint && { endpoint: written(one.endpoint) }),
                ...{ allowedIps: one.allowed, keepalive: one.keepalive },
              },
            ]),
          ),
        },
        why: `${spec.name}: its key, and its peers ${spec.peers.map((one) => one.device ?? 'elsewhere').join(', ') || '(none)'}`,
      }),
    ];
  },
  hops(spec, context) {
    const settings: WireguardDevice = {
      ...{ by: 'wireguard', key: publicKeyOf(ownKey(spec, context)), port: spec.listen_port },
      peers: modelled(spec, context),
      source: 'Linux drivers/net/wireguard/device.c, receive.c; wg(8)',
    };
    return { hops: [context.hop(parseLocal(spec.name), 'wireguard', settings)], edges: [] };
  },
});
