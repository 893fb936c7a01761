import { isIP } from 'node:net';
import type { Hosts } from '../../apply/hosts/define.js';
import { parseIpDevices, type IpDevice } from '../../apply/ip-devices.js';
import type { HopGraph } from '../../hops/graph.js';
import { LOCAL, type Where } from '../../plan/step.js';
import { canonicalIp } from '../../topology/address.js';
import { THIS_HOST, type Lab } from '../../topology/lab.js';
import type { DeviceState, LabState } from '../findings/define.js';
import { shell } from '../run/scripts.js';

/** Print the devices of each namespace (`-` for the machine's own) as JSON after a line with an equals sign; nothing where it is not there. */
const READ_DEVICES = `
for netns; do
  echo =
  if [ "$netns" = - ]; then ip -d -j addr; else ip -n "$netns" -d -j addr; fi 2>/dev/null
done
`;

/** A bond gives its MAC to all its ports, and keeps what each had. */
const macOf = ({ linkinfo, address }: IpDevice): string => {
  const permanent = linkinfo?.info_slave_data?.['perm_hwaddr'];
  return typeof permanent === 'string' ? permanent : address;
};

const stateOf = (device: IpDevice): DeviceState => ({
  name: device.ifname,
  mac: macOf(device),
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
export async function readState(lab: Lab, graph: HopGraph, hosts: Hosts): Promise<LabState> {
  const stacks = [
    { id: THIS_HOST, where: LOCAL },
    ...lab.nodes
      .filter(({ spec }) => (spec as { agent?: boolean }).agent !== false)
      .flatMap((node) => node.stacks),
  ];
  const byHost = new Map<string, { readonly id: string; readonly where: Where }[]>();
  for (const stack of stacks)
    byHost.set(stack.where.host, [...(byHost.get(stack.where.host) ?? []), stack]);
  const known = new Set([...(graph.stacks.get(THIS_HOST) ?? [])].map(({ device }) => device));
  const read = await Promise.all(
    [...byHost].map(async ([host, here]) => {
      const running = await hosts.stateOf?.({ host });
      if (running !== undefined && running !== 'running') return [];
      const argv = shell(READ_DEVICES, ...here.map(({ where }) => where.netns ?? '-'));
      const result = await hosts
        .at({ host })
        .run({ argv, timeout: 20_000 })
        .catch(() => undefined);
      const answers = result?.stdout.split(/^=\n/m).slice(1) ?? [];
      return here.flatMap(({ id }, index): (readonly [string, readonly DeviceState[]])[] => {
        const devices = parseIpDevices(answers[index] ?? '')?.map(stateOf);
        if (!devices) return [];
        // Of this machine only what belongs to the lab.
        return [[id, id === THIS_HOST ? devices.filter(({ name }) => known.has(name)) : devices]];
      });
    }),
  );
  return new Map(read.flat());
}
