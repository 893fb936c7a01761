import { isIP } from 'node:net';
import type { Hosts } from '../../apply/hosts/define.js';
import { readableStacks, readStacks } from '../../apply/read-stacks.js';
import type { HopGraph } from '../../hops/graph.js';
import { ownMac, type DeviceRow } from '../../plan/resources/look.js';
import { canonicalIp } from '../../topology/address.js';
import { THIS_HOST, type Lab } from '../../topology/lab.js';
import type { SeenDevice, SeenDevices } from '../findings/define.js';

const stateOf = (device: DeviceRow): SeenDevice => ({
  name: device.ifname,
  mac: ownMac(device),
  mtu: device.mtu,
  up: device.flags.includes('UP'),
  addresses: device.addr_info.flatMap(({ local, scope }) =>
    local !== undefined && scope === 'global' && isIP(local) ? [canonicalIp(local)] : [],
  ),
});

/**
 * Look at the devices of all stacks of a lab, by one command on each machine. What cannot be read is left out: that a
 * machine does not answer is for the verdicts to say.
 */
export async function readState(lab: Lab, graph: HopGraph, hosts: Hosts): Promise<SeenDevices> {
  const stacks = [{ id: THIS_HOST, where: lab.here }, ...readableStacks(lab)];
  const known = new Set([...(graph.stacks.get(THIS_HOST) ?? [])].map(({ device }) => device));
  const readings = await readStacks(stacks, hosts);
  return new Map(
    [...readings].flatMap(([id, reading]): (readonly [string, readonly SeenDevice[]])[] => {
      if (!('devices' in reading)) return [];
      const devices = reading.devices.map(stateOf);
      // Of this machine only what belongs to the lab.
      return [[id, id === THIS_HOST ? devices.filter(({ name }) => known.has(name)) : devices]];
    }),
  );
}
