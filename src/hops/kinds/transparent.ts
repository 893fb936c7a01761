import { PASS, type HopKind } from '../types.js';

/** Hops that hand on every frame as it is. */

const transparent = (kind: string, doc: string, observable: boolean): HopKind => ({
  kind,
  doc,
  observable: () => observable,
  forward: () => PASS,
});

export const nic = transparent('nic', "A guest's network card: what the guest itself sees.", true);

export const veth = transparent(
  'veth',
  'One end of a veth pair; the other end receives what it sends.',
  true,
);

export const tap = transparent('tap', "The host's side of a guest's network card.", true);

export const udp = transparent(
  'udp',
  'A QEMU datagram cable; there is no device on the host that could be captured.',
  false,
);

export const ovsPanel = transparent(
  'ovs-panel',
  'A static cross-connect of an Open vSwitch bridge: `in_port=A actions=output:B` for every frame. Its ports are captured, the flow between them cannot be.',
  false,
);
