import { describeFrame } from '../../frames/decode.js';
import type { Frame } from '../../frames/frame.js';

/** A frame of the model in a line: as a capture would show it, with its addresses of Ethernet and its time to live. */
export function frameText(frame: Frame): string {
  const { arp, ipv4, ipv6, src, dst } = frame;
  const text = describeFrame(frame);
  // The others have their addresses in it; a packet that no device has sent yet has none.
  const addresses = (arp || ipv4 || ipv6) && src !== '' ? `, ${src} > ${dst}` : '';
  const life = ipv4 ? `, ttl ${ipv4.ttl}` : ipv6 ? `, hop limit ${ipv6.hopLimit}` : '';
  return `${text}${addresses}${life}`;
}
