import { octets, u16, withChecksum } from './bytes.js';
import type { FrameRecipe } from './define.js';
import { ipv4, SENDER4 } from './ip.js';

/** What routers say to each other on a segment, to groups that they have joined. */

const VRRP = 112;
/** Version 3, advertisement. */
const ADVERTISEMENT = 0x31;
/** The lowest that a backup has: nobody gives way to it. */
const LOWEST = 1;
/** Centiseconds. */
const INTERVAL = 100;
const VRRP_GROUP = Uint8Array.of(224, 0, 0, 18);

/** MAC of a virtual router of IPv4: RFC 5798, 7.3. @param vrid - 1 to 255 */
export const virtualRouterMac = (vrid: number): string =>
  `00:00:5e:00:01:${vrid.toString(16).padStart(2, '0')}`;

/** An advertisement of a virtual router. @param vrid - 1 to 255 */
export const vrrpAdvertisement = (vrid: number): FrameRecipe => ({
  title: 'VRRP advertisement',
  source:
    'RFC 5798, 5.1 and 5.2, version 3, of the lowest priority, so that nobody gives way to it; the token stands where the addresses of the virtual router do',
  dst: () => '01:00:5e:00:00:12',
  joins: true,
  type: 0x0800,
  payload({ token }) {
    const count = token.length / 4;
    const message = octets(ADVERTISEMENT, vrid, LOWEST, count, u16(INTERVAL), u16(0), token);
    const pseudo = octets(SENDER4, VRRP_GROUP, 0, VRRP, u16(message.length));
    return ipv4(VRRP, VRRP_GROUP, withChecksum(message, 6, pseudo), { ttl: 255 });
  },
});

/** Of each level of IS-IS: the group that its routers are in (ISO/IEC 10589, 8.4.8), and the type of its hello on a LAN. */
const LEVELS = {
  1: { group: '01:80:c2:00:00:14', type: 15 },
  2: { group: '01:80:c2:00:00:15', type: 16 },
} as const;
/** Octets of the fixed part. */
const FIXED = 27;
const PADDING = 8;

/** A hello of IS-IS on a LAN. */
export const isisHello = (level: 1 | 2): FrameRecipe => ({
  title: 'IS-IS hello',
  source:
    'ISO/IEC 10589, 9.5 and 9.6, over LLC FE-FE-03; it holds for one second, so that no router keeps it; the token is the padding',
  dst: () => LEVELS[level].group,
  joins: true,
  type: 'llc',
  payload({ src, token }) {
    const begin = octets(0x83, FIXED, 1, 0, LEVELS[level].type, 1, 0, 0, level, src, u16(1));
    const lan = octets(0, src, 1);
    const padding = octets(PADDING, token.length, token);
    return octets(0xfe, 0xfe, 0x03, begin, u16(FIXED + padding.length), lan, padding);
  },
});
