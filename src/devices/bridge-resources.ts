import { onHost, type Resource } from '../plan/resources/define.js';
import type { HostDress } from '../plan/resources/host-device.js';
import { bridgePort } from '../plan/resources/kinds/bridge-port.js';
import { bridge } from '../plan/resources/kinds/bridge.js';
import { mtu } from '../plan/resources/kinds/mtu.js';
import { hopId } from '../hops/graph.js';
import { THIS_HOST, type Lab } from '../topology/lab.js';
import {
  bridgeOptions,
  bridgePortOptions,
  type BridgePortSpec,
  type BridgeSpec,
} from './bridge-options.js';

/** A bridge of the kernel, of the host or in a node, and the resources that it is. */
export interface PlannedBridge extends Pick<Resource, 'lane' | 'where' | 'in'> {
  readonly device: string;
  readonly mac: string;
  readonly label: string;
  readonly spec: BridgeSpec;
  /** Id of its hop. */
  readonly hop: string;
  /** What the ids of its resources have. */
  readonly name: string;
  readonly host?: HostDress;
}

/** A bridge of this host. */
export const bridgeOnHost = (
  lab: Lab,
  { device, mac, label, spec }: Pick<PlannedBridge, 'device' | 'mac' | 'label' | 'spec'>,
): PlannedBridge => ({
  ...onHost(lab),
  ...{ device, mac, label, spec, name: device, hop: hopId(THIS_HOST, device) },
  host: { lab: lab.name, label, up: true },
});

/** The bridge itself. */
export const makeBridge = (made: PlannedBridge, why: string): Resource => {
  const { lane, where, device, mac, spec, hop, name, host } = made;
  return bridge.of({
    ...{ lane, where, id: `bridge ${name}` },
    wanted: { device, mac, ...bridgeOptions(spec), ...(host && { host }) },
    makes: [hop],
    in: made.in,
    why,
  });
};

/** A device as a port of a bridge. */
export const plugIntoBridge = (
  { lane, where, device: of, spec, hop: home, name }: PlannedBridge,
  { device, hop }: { readonly device: string; readonly hop: string },
  own: BridgePortSpec,
  why: string,
): Resource =>
  bridgePort.of({
    ...{ lane, where, id: `bridge ${name} ${device}` },
    wanted: { bridge: of, device, ...bridgePortOptions(spec, own) },
    in: [home, hop],
    why,
  });

/** What a bridge is given once it has its ports: each that joins changes an MTU that was there before (net/bridge/br_if.c, br_mtu_auto_adjust). */
export const finishBridge = ({
  lane,
  where,
  device,
  label,
  spec,
  hop,
  name,
}: PlannedBridge): readonly Resource[] =>
  spec.mtu === undefined
    ? []
    : [
        mtu.of({
          ...{ lane, where, id: `mtu ${name}` },
          wanted: { device, mtu: spec.mtu },
          in: [hop],
          why: `MTU of ${label}, which its ports have changed`,
        }),
      ];
