import { type Frame, type Vlan } from '../../frames/frame.js';
import { carrierBelow, isDown, refusesToSend } from '../limits.js';
import { drop } from '../outcome.js';
import { comesIn } from '../onward.js';
import { defineHop, PASS, type Hop, type HopSettings } from '../types.js';

export interface VlanSettings extends HopSettings {
  readonly tag: Vlan;
  /** Id of the hop below. */
  readonly lower: string;
}

const hasTag = ({ vlans: [outer] }: Frame, { settings: { tag } }: Hop<VlanSettings>): boolean =>
  outer?.id === tag.id && outer.tpid === tag.tpid;

const nameOf = ({ id, tpid }: Pick<Vlan, 'id' | 'tpid'>): string =>
  `the tag of VLAN ${id} (0x${tpid.toString(16)})`;

/** A VLAN device: net/8021q/vlan_dev.c, vlan_core.c. */
export const vlan = defineHop<VlanSettings>({
  kind: 'vlan',
  doc: 'A VLAN device: what it is given to send leaves by its lower device with a tag, and what comes there with that tag is for it alone, without the tag.',
  drops: ['what comes in without its tag', 'what a program sends on it beyond its MTU'],
  // 10 Gbit/s of a veth below: net/bridge/br_if.c, port_cost.
  pathCost: 2,
  carrier: carrierBelow,
  observable: () => true,
  vlans: ({ settings }) => [settings.tag.id],
  claims: (hop, frame) => hasTag(frame, hop),
  takes(hop, from, frame) {
    if (from.id !== hop.settings.lower) return undefined;
    if (hasTag(frame, hop))
      return (
        isDown(hop) ?? {
          action: 'pass',
          frame: { ...frame, vlans: frame.vlans.slice(1), tagAside: false },
        }
      );
    const [outer] = frame.vlans;
    return drop(
      `${hop.label} takes what comes with ${nameOf(hop.settings.tag)}; this frame has ${outer ? nameOf(outer) : 'none'}.`,
      `Send it with that tag, or make a VLAN device for the other one.`,
      'Linux net/8021q/vlan_core.c: vlan_do_receive',
    );
  },
  forward(crossing, frame) {
    const refused = refusesToSend(crossing, frame);
    if (refused || comesIn(crossing)) return refused ?? PASS;
    const vlans = [crossing.hop.settings.tag, ...frame.vlans];
    return { action: 'pass', frame: { ...frame, vlans, tagAside: true } };
  },
});
