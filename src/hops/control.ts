import type { Frame } from '../frames/frame.js';
import type { Forwarding, Hop } from './types.js';

/** What controllers know a switch by. */
export interface Control {
  /** Its datapath id, 16 hexadecimal digits. */
  readonly datapath: string;
  /** Those that it has, as ovs-vsctl(8) writes them. */
  readonly controllers: readonly string[];
  /** OpenFlow numbers of its ports by the ids of their hops; not of its own device. */
  readonly ports: Readonly<Record<string, number>>;
  /** What keeps a frame, which comes from a port and which a flow of a controller asks for, from coming to the controller. */
  readonly keeps: (from: Hop, frame: Frame) => Forwarding | undefined;
}
