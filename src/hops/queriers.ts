import { generalQuery } from '../frames/groups.js';
import type { Model } from './emit.js';
import { rulesOf } from './kinds/index.js';
import { includes } from './onward.js';
import { nodesOf, walk } from './walk.js';
import type { HeardQuerier } from './world.js';

/**
 * Let the queriers of a lab ask for the members of groups, and see which bridges hear them, and where: RFC 4541, 2.1.1.
 * Linux takes a port by which a query comes for one that leads to a router, whatever address it comes from
 * (net/bridge/br_multicast.c, br_ip4_multicast_query).
 */
export function queriersIn(model: Model): ReadonlyMap<string, HeardQuerier> {
  const heard = new Map<string, HeardQuerier>();
  for (const querier of model.graph.hops.values()) {
    const asks = rulesOf(querier.kind).snooping?.(querier).asks;
    if (!asks) continue;
    const question = walk(model, querier, generalQuery(querier.settings.mac ?? ''));
    for (const { hop, from, children, ends } of nodesOf(question)) {
      const isStopped = children.length === 0 && ends.every(({ end }) => end === 'drop');
      if (!from || isStopped || !includes(model.graph.place(hop.id).ports, from)) continue;
      if (!rulesOf(hop.kind).snooping) continue;
      const before = heard.get(hop.id);
      heard.set(hop.id, {
        ports: new Set([...(before?.ports ?? []), from.id]),
        asksIpv6: asks.asksIpv6 || before?.asksIpv6 === true,
      });
    }
  }
  return heard;
}
