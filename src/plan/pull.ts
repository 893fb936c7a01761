import type { LinkPlan } from '../links/define.js';
import { nodePort } from '../links/devices.js';
import type { HopSettings } from '../hops/types.js';
import type { LabLink } from '../topology/lab.js';
import { resourceType } from './resources/index.js';

/**
 * The plan of a link whose cable is pulled: its devices on the host are down, so that whatever is at the other side of
 * each has no carrier. What has to be done inside a node, the node's kind says. Pure.
 */
export function pull({ id, ends }: LabLink, plan: LinkPlan): LinkPlan {
  const down: string[] = [];
  const resources = plan.resources.map((one) => {
    const pulled = resourceType(one.type).pulled?.(one.wanted, one);
    if (!pulled) return one;
    down.push(...pulled.down);
    return { ...one, wanted: pulled.wanted };
  });
  const amends = new Map<string, HopSettings>(Object.entries(plan.hops.amends ?? {}));
  const amend = (hop: string, settings: HopSettings): void => {
    amends.set(hop, { ...amends.get(hop), ...settings });
  };
  for (const hop of down) amend(hop, { down: true, cut: id });
  for (const end of ends) amend(nodePort(end).hop, { cut: id });
  return { ...plan, resources, hops: { ...plan.hops, amends: Object.fromEntries(amends) } };
}
