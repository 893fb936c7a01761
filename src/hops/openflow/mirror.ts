import { customerTag, type Frame } from '../../frames/frame.js';
import type { Hop } from '../types.js';
import { isReserved } from './reserved.js';
import type { OvsSettings } from './settings.js';
import { PLAIN_VLANS, tagsBy, tagsInside, tagsOutside, vlanInside } from './vlan-modes.js';

/** Mirrors of a bridge of Open vSwitch: ovs-vswitchd.conf.db(5) Mirror; ofproto/ofproto-dpif-xlate.c, mirror_packet. */

/** What is copied, and where copies go. */
export interface Mirror {
  readonly name: string;
  /** Ids of the ports of which it copies what enters. */
  readonly src: readonly string[];
  /** Ids of the ports of which it copies what leaves. */
  readonly dst: readonly string[];
  /** VLANs inside of the bridge of which it copies; all where none is written. */
  readonly vlans: readonly number[];
  /** Id of the port that copies leave by, or the VLAN that they are put into. */
  readonly to: { readonly port: string } | { readonly vlan: number };
}

/** A frame at a port of the bridge. */
export interface AtPort {
  readonly port: string;
  readonly frame: Frame;
}

/** The mirror whose copies a port is for alone; nothing where it is for frames. @param port - id of its hop */
export const mirrorTo = (
  { mirrors = [] }: Pick<OvsSettings, 'mirrors'>,
  port: string | undefined,
): Mirror | undefined => mirrors.find(({ to }) => 'port' in to && to.port === port);

/**
 * The copies that mirrors make of one frame, each destination once. Pure.
 * @param entered - the frame as it has entered
 * @param left - the same frame as it leaves by each port
 */
export function copiesOf(
  { settings }: Hop<OvsSettings>,
  entered: AtPort | undefined,
  left: readonly AtPort[],
): readonly AtPort[] {
  const { mirrors = [], ports } = settings;
  if (mirrors.length === 0) return [];
  const copies: AtPort[] = [];
  const done = new Set<string>();
  const vlansOf = (port: string) => ports[port]?.vlans ?? PLAIN_VLANS;
  const look = ({ port, frame }: AtPort, side: 'src' | 'dst'): void => {
    // A patch port is followed before mirrors are asked.
    const tags = ports[port]?.isPatch ? undefined : tagsInside(vlansOf(port), frame);
    if (!tags) return;
    const vlan = vlanInside(tags);
    for (const mirror of mirrors) {
      const key = JSON.stringify(mirror.to);
      const isMeant = mirror.vlans.length === 0 || mirror.vlans.includes(vlan);
      if (!isMeant || !mirror[side].includes(port) || done.has(key)) continue;
      done.add(key);
      if ('port' in mirror.to)
        send(mirror.to.port, { ...frame, vlans: tagsBy(vlansOf(mirror.to.port), tags) });
      else if (vlan !== mirror.to.vlan && !isReserved(frame.dst)) {
        const [outer = customerTag(0), ...inner] = tags;
        const moved = [{ ...outer, id: mirror.to.vlan }, ...inner];
        for (const other of Object.keys(ports)) {
          const vlans = mirrorTo(settings, other) ? undefined : tagsOutside(vlansOf(other), moved);
          if (vlans) send(other, { ...frame, vlans });
        }
      }
    }
  };
  const send = (port: string, frame: Frame): void => {
    copies.push({ port, frame });
    look({ port, frame }, 'dst');
  };
  if (entered) look(entered, 'src');
  for (const one of left) look(one, 'dst');
  return copies;
}
