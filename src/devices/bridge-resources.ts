import { onHost, type Resource } from '../plan/resources/define.js';
import type { HostDress } from '../plan/resources/host-device.js';
import { bridgeFdb } from '../plan/resources/kinds/bridge-fdb.js';
import { bridgeMdb } from '../plan/resources/kinds/bridge-mdb.js';
import { bridgePort } from '../plan/resources/kinds/bridge-port.js';
import { bridge } from '../plan/resources/kinds/bridge.js';
import { mtu, mtuId } from '../plan/resources/kinds/mtu.js';
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
  /** That it is up, by the name which that has among what a lab makes; left out where it is so from the first. */
  readonly up?: string;
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

const only = (vlan: number | undefined) => (vlan === undefined ? {} : { vlan });

/** The name of a port of a bridge among what a lab makes: what the bridge knows of it goes when it is taken off. */
const bridgePortId = (bridge: string, device: string): string => `${bridge} port ${device}`;

/** The static entries of a port of a bridge. */
const plugEntries = (
  { lane, where, device: bridge, hop: home, name, up }: PlannedBridge,
  { device, hop }: { readonly device: string; readonly hop: string },
  { fdb, mdb }: Pick<BridgePortSpec, 'fdb' | 'mdb'>,
): readonly Resource[] => {
  const place = { lane, where, in: [home, hop, bridgePortId(name, device)] };
  const within = (id: number | undefined): string => (id === undefined ? '' : ` in VLAN ${id}`);
  return [
    ...fdb.map((entry) =>
      bridgeFdb.of({
        ...place,
        id: `fdb ${name} ${device} ${entry.mac}${within(entry.vlan)}`,
        wanted: { device, mac: entry.mac, state: entry.state, ...only(entry.vlan) },
        why: `${entry.mac} is ${entry.state === 'static' ? `behind ${device}` : `the bridge's own`}${within(entry.vlan)}`,
      }),
    ),
    ...mdb.map((entry) =>
      bridgeMdb.of({
        ...place,
        // net/bridge/br_mdb.c, br_mdb_add: the bridge must run.
        needs: up === undefined ? undefined : [up],
        id: `mdb ${name} ${device} ${entry.group}${within(entry.vlan)}`,
        wanted: { bridge, device, group: entry.group, ...only(entry.vlan) },
        why: `the group ${entry.group} goes to ${device}${within(entry.vlan)}`,
      }),
    ),
  ];
};

/** A device as a port of a bridge, with what the bridge is told of it. */
export const plugIntoBridge = (
  made: PlannedBridge,
  port: { readonly device: string; readonly hop: string },
  own: BridgePortSpec,
  why: string,
): readonly Resource[] => {
  const { lane, where, device: of, spec, hop: home, name } = made;
  const { device, hop } = port;
  return [
    bridgePort.of({
      ...{ lane, where, id: `bridge ${name} ${device}` },
      wanted: { bridge: of, device, ...bridgePortOptions(spec, own) },
      makes: [bridgePortId(name, device)],
      in: [home, hop],
      why,
    }),
    ...plugEntries(made, port, own),
  ];
};

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
          makes: [mtuId(hop)],
          in: [hop],
          why: `MTU of ${label}, which its ports have changed`,
        }),
      ];
