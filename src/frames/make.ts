import type { FrameClass, FrameEnd, FrameEnds } from './classes.js';
import { decodeFrame } from './decode.js';
import { customerTag, UNTAGGED, type Frame } from './frame.js';
import { isGroup } from './mac.js';
import { buildFrame } from './templates/build.js';
import { ascii } from './templates/bytes.js';
import { TOKEN_LENGTH, type FrameContext } from './templates/define.js';
import { frameTemplates } from './templates/index.js';

const ETHERNET_MTU = 1500;

/** A unicast MAC that no device has: the range for documentation, RFC 7042 section 2.1.2. */
export const FOREIGN_MAC = '00:00:5e:00:53:01';

const TOKEN = ascii('x'.repeat(TOKEN_LENGTH));

const mtuOf = ({ mtu = ETHERNET_MTU }: FrameEnd): number => mtu;

const contextOf = ({ from, to }: FrameEnds): FrameContext => ({
  src: from.mac,
  own: to.mac,
  foreign: FOREIGN_MAC,
  token: TOKEN,
  mtu: mtuOf(from),
});

/** What a frame of a class is made of, whoever sends it: read once from octets that its template makes. */
const contents = new Map<FrameClass, Pick<Frame, 'etherType'> & Partial<Frame>>();

function contentOf(frameClass: FrameClass): Pick<Frame, 'etherType'> & Partial<Frame> {
  const known = contents.get(frameClass);
  if (known) return known;
  const end = { mac: '02:00:00:00:00:01' };
  const built = buildFrame(frameTemplates[frameClass], contextOf({ from: end, to: end }));
  const { length, bytes, payload, ...frame } = decodeFrame(built.bytes);
  contents.set(frameClass, frame);
  return frame;
}

/** Standard from which a class has its octets. */
export const sourceOf = (frameClass: FrameClass): string => frameTemplates[frameClass].source;

/**
 * The frame that stands for its class between two ends: what its template makes, and that the receiver has
 * joined the group that it goes to, as the program does that waits for such frames. Pure.
 */
export function frameOf(frameClass: FrameClass, ends: FrameEnds): Frame {
  const template = frameTemplates[frameClass];
  const context = contextOf(ends);
  const dst = template.dst(context);
  return {
    ...contentOf(frameClass),
    src: ends.from.mac,
    dst,
    vlans: template.vlan === undefined ? UNTAGGED : [customerTag(template.vlan)],
    ...(template.size && { payload: template.size(context) }),
    ...(template.joins && isGroup(dst) && { joined: true }),
  };
}
