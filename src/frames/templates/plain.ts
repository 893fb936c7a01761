import { EXPERIMENTAL, type FrameTemplate } from './define.js';

/** Frames that show what becomes of an address, a tag or a size, whatever they carry: the token alone. */

const plain = {
  source: 'local experimental EtherType (IEEE 802-2014, 9.2.4); the token is the payload',
  dst: ({ own }: { own: string }) => own,
  joins: false,
  type: EXPERIMENTAL,
  payload: ({ token }: { token: Uint8Array }) => token,
} as const;

export const vlanTagged: FrameTemplate = {
  ...plain,
  class: 'vlan-tagged',
  title: 'tagged frame',
  source: `IEEE 802.1Q-2018, 9.6, a customer tag with VLAN 100; ${plain.source}`,
  vlan: 100,
};

export const mtu: FrameTemplate = {
  ...plain,
  class: 'mtu',
  title: 'frame of the MTU',
  source: `its payload is as long as the MTU of the sending device; ${plain.source}`,
  size: ({ mtu: most }) => most,
};

export const overMtu: FrameTemplate = {
  ...plain,
  class: 'over-mtu',
  title: 'frame beyond the MTU',
  source: `its payload is one octet longer than the MTU of the sending device, which no socket sends (packet(7), EMSGSIZE); ${plain.source}`,
  size: ({ mtu: most }) => most + 1,
};

export const unicastOwn: FrameTemplate = {
  ...plain,
  class: 'unicast-own',
  title: "unicast to the port's own MAC",
};

export const unicastForeign: FrameTemplate = {
  ...plain,
  class: 'unicast-foreign',
  title: 'unicast to a MAC behind the node',
  dst: ({ foreign }) => foreign,
};
