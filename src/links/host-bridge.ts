import { bridgeOptions, bridgePortOptions } from '../devices/bridge-options.js';
import type { BridgePortSpec, BridgeSpec } from '../devices/bridge-options.js';
import { hopId } from '../hops/graph.js';
import { LOCAL } from '../plan/step.js';
import type { Resource } from '../plan/resources/define.js';
import { bridgePort } from '../plan/resources/kinds/bridge-port.js';
import { bridge } from '../plan/resources/kinds/bridge.js';
import { mtu } from '../plan/resources/kinds/mtu.js';
import { THIS_HOST, type Lab } from '../topology/lab.js';

/** Bridges of the kernel in this host's own stack. */

const ON_HOST = { lane: THIS_HOST, where: LOCAL } as const;

interface HostBridge {
  readonly device: string;
  readonly mac: string;
  readonly label: string;
  readonly spec: BridgeSpec;
}

/** A bridge of this host. */
export const hostBridge = (
  lab: Lab,
  { device, mac, label, spec }: HostBridge,
  why: string,
): Resource =>
  bridge.of({
    ...ON_HOST,
    id: `bridge ${device}`,
    wanted: { device, mac, ...bridgeOptions(spec), host: { lab: lab.name, label, up: true } },
    makes: [hopId(THIS_HOST, device)],
    in: [],
    why,
  });

/**
 * A device as a port of a bridge of the host.
 * @param port - id of its hop, where it is on this host
 */
export const hostBridgePort = (
  { device: name, spec }: Pick<HostBridge, 'device' | 'spec'>,
  { device, hop }: { readonly device: string; readonly hop: string },
  own: BridgePortSpec,
  why: string,
): Resource =>
  bridgePort.of({
    ...ON_HOST,
    id: `bridge ${name} ${device}`,
    wanted: { bridge: name, device, ...bridgePortOptions(spec, own) },
    in: [hopId(THIS_HOST, name), hop],
    why,
  });

/** What a bridge is given once it has its ports: each that joins changes an MTU that was there before (net/bridge/br_if.c, br_mtu_auto_adjust). */
export const hostBridgeMtu = ({ device, label, spec }: HostBridge): readonly Resource[] =>
  spec.mtu === undefined
    ? []
    : [
        mtu.of({
          ...ON_HOST,
          id: `mtu ${device}`,
          wanted: { device, mtu: spec.mtu },
          in: [hopId(THIS_HOST, device)],
          why: `MTU of ${label}, which its ports have changed`,
        }),
      ];
