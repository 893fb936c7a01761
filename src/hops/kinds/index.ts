import type { HopKind } from '../types.js';
import { bridge } from './bridge.js';
import { macvtap } from './macvtap.js';
import { nic, ovsPanel, tap, udp, veth } from './transparent.js';

/** Every hop kind. */
export const hopKinds: readonly HopKind[] = [nic, veth, tap, macvtap, bridge, ovsPanel, udp];

const byName = new Map(hopKinds.map((kind) => [kind.kind, kind]));

/** The rules of a hop. */
export function rulesOf(kind: string): HopKind {
  const rules = byName.get(kind);
  if (!rules) throw new RangeError(`no hop kind is named ${kind}`);
  return rules;
}
