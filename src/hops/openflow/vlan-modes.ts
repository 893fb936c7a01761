import { TAG_TYPES, type Frame, type Vlan } from '../../frames/frame.js';

/** VLANs of the ports of an Open vSwitch bridge: ovs-vswitchd.conf.db(5), table Port, `VLAN Configuration`. */

export const VLAN_MODES = [
  'access',
  'trunk',
  'native-tagged',
  'native-untagged',
  'dot1q-tunnel',
] as const;
type VlanMode = (typeof VLAN_MODES)[number];

/** What a port does with tags when NORMAL takes a frame from it or gives it one. */
export interface PortVlans {
  readonly mode: VlanMode;
  /** VLAN of what has no tag; the service VLAN of a tunnel. */
  readonly tag: number;
  /** VLANs that cross tagged; all where none is written. 0 stands for frames without a tag. */
  readonly trunks: readonly number[];
  /** Of a tunnel: customers' VLANs that it takes; all where none is written. */
  readonly cvlans: readonly number[];
  /** Of a tunnel: the service tag. */
  readonly ethertype: keyof typeof TAG_TYPES;
}

/** A port of which nothing is set. */
export const PLAIN_VLANS: PortVlans = {
  ...{ mode: 'trunk', tag: 0, trunks: [], cvlans: [], ethertype: '802.1ad' },
};

const isIn = (list: readonly number[], id: number): boolean =>
  list.length === 0 || list.includes(id);

const idOf = (tags: readonly Vlan[]): number => tags[0]?.id ?? 0;

/** Does a port have a VLAN? (ofproto/ofproto-dpif-xlate.c, xbundle_includes_vlan) */
function includes({ mode, tag, trunks, cvlans }: PortVlans, tags: readonly Vlan[]): boolean {
  const id = idOf(tags);
  if (mode === 'access') return id === tag;
  if (mode === 'dot1q-tunnel') return id === tag && isIn(cvlans, idOf(tags.slice(1)));
  if (mode === 'trunk') return isIn(trunks, id);
  // A port with a native VLAN is never in VLAN 0 (ofproto/ofproto-dpif.c, bundle_set).
  return id === tag || (id !== 0 && isIn(trunks, id));
}

/**
 * The tags that a frame has inside of the bridge, where each frame is in a VLAN.
 * @returns nothing where the port takes no such frame (input_vid_is_valid, xvlan_input_translate)
 */
export function tagsInside(port: PortVlans, { vlans }: Frame): readonly Vlan[] | undefined {
  const { mode, tag, trunks, cvlans, ethertype } = port;
  const id = idOf(vlans);
  const own = (tpid: number): Vlan => ({ tpid, id: tag, priority: vlans[0]?.priority ?? 0 });
  if (mode === 'access') return id === 0 ? [own(TAG_TYPES['802.1Q'])] : undefined;
  if (mode === 'dot1q-tunnel')
    return isIn(cvlans, id) ? [own(TAG_TYPES[ethertype]), ...vlans] : undefined;
  if (mode !== 'trunk' && id === 0) return [own(TAG_TYPES['802.1Q']), ...vlans.slice(1)];
  return (mode !== 'trunk' && id === tag) || isIn(trunks, id) ? vlans : undefined;
}

/** The VLAN of tags inside, by which the bridge learns. */
export const vlanInside = idOf;

/**
 * The tags with which a frame leaves by a port.
 * @returns nothing where it is not in the VLAN (xbundle_includes_vlan)
 */
export function tagsOutside(port: PortVlans, tags: readonly Vlan[]): readonly Vlan[] | undefined {
  return includes(port, tags) ? tagsBy(port, tags) : undefined;
}

/** The same of a port that gets the frame whatever VLAN it is in: xvlan_output_translate. */
export function tagsBy({ mode, tag }: PortVlans, tags: readonly Vlan[]): readonly Vlan[] {
  if (mode === 'access' || mode === 'dot1q-tunnel') return tags.slice(1);
  if (mode === 'native-untagged' && idOf(tags) === tag) return tags.slice(1);
  // VLAN 0 inside is a frame without a tag.
  return idOf(tags) === 0 ? tags.slice(1) : tags;
}
