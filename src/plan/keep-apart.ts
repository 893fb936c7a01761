import { onHost, type Resource } from './resources/define.js';
import { hostFilter } from './resources/kinds/host-filter.js';
import { uplink, type UplinkState } from './resources/kinds/uplink.js';
import { namedBy } from './resources/steps.js';
import type { Lab } from '../topology/lab.js';
import { filterTable, type HostDevices } from './host-filter.js';

/** The devices that resources make in the own stack of the machine that holds the lab. */
function devicesOf(resources: readonly Resource[]): HostDevices {
  const [bridges, others] = [new Set<string>(), new Set<string>()];
  const uplinks = resources.filter(({ type }) => type === uplink.type);
  for (const resource of resources)
    for (const owned of namedBy(resource)) {
      if (owned.type === 'link') (owned.bridge ? bridges : others).add(owned.name);
      if (owned.type === 'ovs-bridge') others.add(owned.name);
    }
  return {
    ...{ bridges: [...bridges], others: [...others] },
    ...(uplinks.length > 0 && {
      uplinks: uplinks.map(({ wanted }) => (wanted as UplinkState).device),
    }),
  };
}

/**
 * What keeps a lab off the host's IP stack; nothing for a lab without a device on the host. It is the first of
 * all and removed last, so no device is ever without it. Pure.
 * @param resources - all others of the lab
 */
export function keepApart(
  lab: Pick<Lab, 'name' | 'here'>,
  resources: readonly Resource[],
): readonly Resource[] {
  const devices = devicesOf(resources);
  // A bridge alone has nobody to hear.
  if (devices.others.length === 0) return [];
  return [
    hostFilter.of({
      ...onHost(lab),
      id: 'host filter',
      wanted: { table: filterTable(lab.name), ...devices },
      why: "let nothing of the lab reach the host's own IP stack, nor the other way round",
    }),
  ];
}
