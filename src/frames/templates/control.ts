import { ascii, octets, padded, u16, u32, withChecksum, zeros } from './bytes.js';
import type { FrameTemplate } from './define.js';

/** Protocols between neighbours on one cable. Most go to the group addresses of IEEE 802.1Q-2018, table 8-1. */

/** Header of an LLDP TLV: 7 bits of type, 9 of length (IEEE 802.1AB-2016, 8.4). */
const tlv = (type: number, ...value: readonly (number | string | Uint8Array)[]): Uint8Array => {
  const body = octets(...value);
  return octets(u16((type << 9) | body.length), body);
};

export const lldp: FrameTemplate = {
  class: 'lldp',
  title: 'LLDP advertisement',
  source: 'IEEE 802.1AB-2016, clause 8; the token is the port id (subtype 7, locally assigned)',
  dst: () => '01:80:c2:00:00:0e',
  joins: true,
  type: 0x88cc,
  // Holds for one second, so that no neighbour table remembers it.
  payload: ({ src, token }) => octets(tlv(1, 4, src), tlv(2, 7, token), tlv(3, u16(1)), tlv(0)),
};

/** Bridge identifier of the lowest priority there is, so that no bridge takes the sender for its root. */
const LOWEST_PRIORITY = 0xf000;

export const stp: FrameTemplate = {
  class: 'stp',
  title: 'spanning tree BPDU',
  source:
    'IEEE 802.1D-2004, 9.3.1 (configuration BPDU over LLC 42-42-03); the token follows the BPDU as padding',
  dst: () => '01:80:c2:00:00:00',
  joins: true,
  type: 'llc',
  payload({ src, token }) {
    const bridge = octets(u16(LOWEST_PRIORITY), src);
    const times = octets(u16(0), u16(20 * 256), u16(2 * 256), u16(15 * 256));
    const header = octets(0x42, 0x42, 0x03, u16(0), 0, 0, 0);
    return octets(header, bridge, u32(0), bridge, u16(0x8001), times, token);
  },
};

/** One side of an LACPDU: type, length 20, system, key, port, state, reserved. */
const lacpSide = (type: number, system: string, state: number): Uint8Array =>
  octets(type, 20, u16(0xffff), system, u16(1), u16(0xff), u16(1), state, zeros(3));

export const lacp: FrameTemplate = {
  class: 'lacp',
  title: 'LACPDU',
  source: 'IEEE 802.1AX-2014, 6.4.2.3; the token is in the reserved octets at the end',
  dst: () => '01:80:c2:00:00:02',
  joins: true,
  type: 0x8809,
  payload: ({ src, token }) =>
    octets(
      ...[1, 1, lacpSide(1, src, 0x45), lacpSide(2, '00:00:00:00:00:00', 0)],
      ...[octets(3, 16, u16(0), zeros(12)), u16(0), padded(token, 50)],
    ),
};

export const dot1x: FrameTemplate = {
  class: 'dot1x',
  title: 'EAPOL start',
  source: 'IEEE 802.1X-2010, 11.3; the token follows the empty body as padding',
  dst: () => '01:80:c2:00:00:03',
  joins: true,
  type: 0x888e,
  payload: ({ token }) => octets(2, 1, u16(0), token),
};

export const pause: FrameTemplate = {
  class: 'pause',
  title: 'PAUSE frame',
  source:
    'IEEE 802.3-2018, annex 31B, with 0 quanta, which stops nobody; the token is in the reserved octets',
  dst: () => '01:80:c2:00:00:01',
  // It ends in the MAC of the receiver: no program ever asks for it.
  joins: false,
  type: 0x8808,
  payload: ({ token }) => octets(u16(1), u16(0), token),
};

/** A CDP TLV, whose length counts its header. */
const cdpTlv = (type: number, value: Uint8Array): Uint8Array =>
  octets(u16(type), u16(value.length + 4), value);

export const cdp: FrameTemplate = {
  class: 'cdp',
  title: 'CDP advertisement',
  source: 'tcpdump print-cdp.c: cdp_print, over SNAP 00000c:2000; the token is the device id',
  dst: () => '01:00:0c:cc:cc:cc',
  joins: true,
  type: 'llc',
  payload({ token }) {
    const packet = octets(2, 1, u16(0), cdpTlv(1, token), cdpTlv(3, ascii('port')));
    return octets(0xaa, 0xaa, 0x03, 0, 0, 0x0c, u16(0x2000), withChecksum(packet, 2));
  },
};
