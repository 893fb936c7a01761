import { octets, padded, u16 } from './bytes.js';
import type { FrameContext, FrameRecipe } from './define.js';

/** Shortest payload of Ethernet (IEEE 802.3, 4.4.2: 64 octets with header and checksum). */
const SHORTEST = 46;
/** EtherType of a customer tag: IEEE 802.1Q-2018, table 9-1. */
const TAG = 0x8100;

/** What a user may ask of a generated frame beyond its class. */
export interface FrameChanges {
  /** VLAN id of its tag. */
  readonly vlan?: number | undefined;
  /** Octets to which its payload is padded; a longer one stays as it is. */
  readonly payload?: number | undefined;
}

/** A generated frame: IEEE 802.3, 3.1.1, without its checksum. */
export interface BuiltFrame {
  readonly bytes: Uint8Array;
  readonly dst: string;
  readonly vlan: number | undefined;
  /** Octets after the header and the tag. */
  readonly payload: number;
}

/** Make a frame from its template. Pure: the same context gives the same octets. */
export function buildFrame(
  template: FrameRecipe,
  context: FrameContext,
  changes: FrameChanges = {},
): BuiltFrame {
  const dst = template.dst(context);
  const vlan = changes.vlan ?? template.vlan;
  const content = template.payload(context);
  const size = Math.max(changes.payload ?? template.size?.(context) ?? SHORTEST, SHORTEST);
  const payload = padded(content, size);
  const tag = vlan === undefined ? [] : [u16(TAG), u16(vlan)];
  const type = template.type === 'llc' ? content.length : template.type;
  return {
    bytes: octets(dst, context.src, ...tag, u16(type), payload),
    dst,
    vlan,
    payload: payload.length,
  };
}
