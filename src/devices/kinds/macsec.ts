import { sciOf } from '../../frames/macsec.js';
import { tagLength, type Associations, type MacsecSettings } from '../../hops/macsec.js';
import { lowerEdge } from '../../hops/types.js';
import { association, type AssociationState } from '../../plan/resources/kinds/association.js';
import { channel } from '../../plan/resources/kinds/channel.js';
import type { Resource } from '../../plan/resources/define.js';
import { defineDevice, RECEIVE_HANDLER, type DeviceContext } from '../define.js';
import { parseLocal } from '../local.js';
import {
  keyLength,
  macsecSchema,
  type AssociationSpec,
  type MacsecSpec,
  type PeerSpec,
} from '../macsec-options.js';
import { makeOnLower } from '../on-lower.js';

const sciOfSpec = ({ sci, name, port }: MacsecSpec, context: DeviceContext): string =>
  sci ?? sciOf(context.mac(parseLocal(name)), port);

/** A key that is made on one of its ends, or both. */
type Key = AssociationSpec & { readonly key: string; readonly an: number };

const keysOf = (spec: MacsecSpec, context: DeviceContext): readonly Key[] => {
  const written = spec.keys ?? { [spec.encodingsa]: { key: undefined, pn: 1, on: true } };
  return Object.entries(written).map(([an, one]) => ({
    ...one,
    key: one.key ?? context.secret(parseLocal(spec.name), keyLength(spec), `macsec ${an}`),
    an: Number(an),
  }));
};

interface Peer {
  readonly sci: string;
  readonly keys: readonly Key[];
}

/** Whom it hears, and the keys that it believes to be theirs. Packet numbers begin with 1, whatever the sender does. */
function peerOf(peer: PeerSpec, context: DeviceContext): readonly Peer[] {
  const other = 'device' in peer ? context.other<MacsecSpec>(peer.device) : undefined;
  if ('device' in peer && !other) return [];
  const own = other ? keysOf(other.spec, other.context) : [];
  const believed = Object.entries(peer.keys ?? {}).flatMap(([an, one]): Key[] => {
    const key = one.key ?? own.find((each) => each.an === Number(an))?.key;
    return key === undefined ? [] : [{ ...one, key, an: Number(an) }];
  });
  const keys = peer.keys ? believed : own.map((one) => ({ ...one, pn: 1, on: true }));
  const sci = 'sci' in peer ? peer.sci : other && sciOfSpec(other.spec, other.context);
  return sci === undefined ? [] : [{ sci, keys }];
}

const peersOf = (spec: MacsecSpec, context: DeviceContext): readonly Peer[] =>
  spec.peers.flatMap((peer) => peerOf(peer, context));

/** It writes its SCI where it is told to, and where it has several peers and tells nothing else of itself. */
const sendsSci = ({ send_sci: written, end_station: es, scb, peers }: MacsecSpec): boolean =>
  written || (peers.length > 1 && !es && !scb);

const onOff = (value: boolean): string => (value ? 'on' : 'off');

const optionsOf = (spec: MacsecSpec, context: DeviceContext) => ({
  // One that writes no SCI has that of its MAC, and may not be told any (drivers/net/macsec.c, macsec_newlink).
  ...(spec.send_sci && { sci: sciOfSpec(spec, context) }),
  cipher: spec.cipher.toUpperCase(),
  icvlen: String(spec.icvlen),
  encodingsa: String(spec.encodingsa),
  encrypt: onOff(spec.encrypt),
  protect: onOff(spec.protect),
  validate: spec.validate,
  send_sci: onOff(spec.send_sci),
  end_station: onOff(spec.end_station),
  scb: onOff(spec.scb),
  replay: onOff(spec.replay),
  ...(spec.replay && { window: String(spec.window ?? 0) }),
});

/** What the kernel changes of one that is there (drivers/net/macsec.c, macsec_changelink). */
const LATER = ['encodingsa', 'encrypt', 'protect', 'validate', 'replay', 'window'];

/** Those that are on, by their numbers. */
const inUse = (keys: readonly Key[]): Associations =>
  Object.fromEntries(keys.filter(({ on }) => on).map(({ an, key, pn }) => [an, { key, pn }]));

/** The resource of a key. @param sci - of the peer whose it is; none for one that the device sends with */
function keyResource(
  spec: MacsecSpec,
  context: DeviceContext,
  { an, key, pn, on }: Key,
  sci?: string,
): Resource<AssociationState> {
  const self = parseLocal(spec.name);
  const { stack: _stack, ...place } = context.inside(self.namespace);
  const hop = context.hopId(self);
  return association.of({
    ...place,
    id: `key ${an} of ${hop}${sci === undefined ? '' : ` for ${sci}`}`,
    wanted: { device: self.name, an, key, pn, on, ...(sci !== undefined && { sci }) },
    in: sci === undefined ? [hop] : [hop, channelId(hop, sci)],
    why: `${spec.name}: key ${an} ${sci === undefined ? 'that it sends with' : `of ${sci}`}`,
  });
}

const channelId = (hop: string, sci: string): string => `channel ${sci} of ${hop}`;

/** A MACsec device inside a node: drivers/net/macsec.c, ip-macsec(8). */
export const macsec = defineDevice({
  kind: 'macsec',
  title: 'MACsec device in a node',
  doc: `A device that seals what it sends (IEEE 802.1AE): on the lower device and on the cable it is a frame of EtherType 0x88e5,
whose addresses anybody can read and whose content nobody can change; with \`encrypt\` nobody can read it either. It takes what its \`peers\`
have sealed, each by its own channel and keys. \`peers\` name the devices at the other ends, and keys follow from that.
The lower device keeps its stack, which goes on sending and receiving what is not sealed. Captures on the cable are opened with the keys of the lab, so checks follow frames through it.
Ciphers with long packet numbers (XPN) and offload to hardware are not offered.`,
  example: `{ kind: macsec, name: macsec0, lower: eth1, peers: ['sw2:macsec0'], encrypt: true }`,
  schema: macsecSchema,
  kernelKind: 'macsec',
  makes({ name, lower, mac, mtu, icvlen }) {
    const below = parseLocal(lower);
    const less = tagLength(true) + icvlen;
    const made = { ...parseLocal(name), path: ['name'], mac, mtu, macOf: below, mtuOf: below };
    return [{ ...made, less, isTight: true }];
  },
  lowers: ({ lower, sci, mac, port }) => [
    {
      ...{ ...parseLocal(lower), path: ['lower'], slot: RECEIVE_HANDLER, shared: 'MACsec' },
      // Else it is ENETDOWN (drivers/net/macsec.c, macsec_dev_open).
      isUpFirst: true,
    },
    {
      ...{ ...parseLocal(lower), path: ['lower'] },
      slot: `the channel ${sci ?? `of ${mac ?? 'its MAC'} and port ${port ?? 1}`}`,
    },
  ],
  peers: ({ peers }) =>
    peers.flatMap((peer, index) =>
      'device' in peer ? [{ ref: peer.device, path: ['peers', index] }] : [],
    ),
  refuses: (spec, other) =>
    spec.cipher === other.cipher
      ? undefined
      : `it has the cipher ${other.cipher} and \`${spec.name}\` ${spec.cipher}: their keys differ in length`,
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack: _stack, ...place } = context.inside(self.namespace);
    const hop = context.hopId(self);
    return [
      makeOnLower(spec, context, {
        ...{ kind: 'macsec', mac: spec.mac, options: optionsOf(spec, context), later: LATER },
        why: `${spec.name}: MACsec on ${spec.lower}`,
      }),
      ...keysOf(spec, context).map((key) => keyResource(spec, context, key)),
      ...peersOf(spec, context).flatMap(({ sci, keys }) => [
        channel.of({
          ...place,
          id: channelId(hop, sci),
          wanted: { device: self.name, sci },
          makes: [channelId(hop, sci)],
          in: [hop],
          why: `${spec.name} takes what comes in channel ${sci}`,
        }),
        ...keys.map((key) => keyResource(spec, context, key, sci)),
      ]),
    ];
  },
  hops(spec, context) {
    const self = parseLocal(spec.name);
    const lower = context.hopId(parseLocal(spec.lower));
    const { protect, encrypt, encodingsa, validate, icvlen } = spec;
    const settings: MacsecSettings = {
      ...{ lower, sci: sciOfSpec(spec, context), sendsSci: sendsSci(spec) },
      ...{ protect, encrypt, encodingsa, validate, icvLength: icvlen },
      own: inUse(keysOf(spec, context)),
      window: spec.replay ? (spec.window ?? 0) : undefined,
      peers: Object.fromEntries(
        peersOf(spec, context).map(({ sci, keys }) => [sci, inUse(keys)] as const),
      ),
    };
    const hop = context.hop(self, 'macsec', settings);
    return { hops: [hop], edges: [lowerEdge(hop.id, lower)] };
  },
});
