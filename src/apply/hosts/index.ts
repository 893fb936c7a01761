import type { Domain } from '../../plan/step.js';
import { openLibvirt, type Libvirt } from '../libvirt.js';
import { readGuestLog } from '../guest-log.js';
import { openAgent, type Agent } from './agent.js';
import type { Host, Hosts } from './define.js';
import { guestHost } from './guest.js';
import { localHost } from './local.js';
import { hostNameOf, insideOf, LOCAL } from '../../where.js';

/** The hosts of a lab with what is needed to make guests and to wait for them. */
export interface LabHosts extends Hosts {
  readonly libvirt: Libvirt;
  /** The guest agent of one of the lab's domains, by the domain's name. */
  agent(domain: string): Agent;
}

/** The name of a guest of this machine as a host. */
const nameOf = (node: string): string => hostNameOf(insideOf(LOCAL, node));

/**
 * This machine and the guests of a lab. Nothing is opened before it is used; `close` ends the agents'
 * channels and the connection to libvirt.
 */
export function openHosts(lab: { readonly domains: readonly Domain[] }): LabHosts {
  const libvirt = openLibvirt();
  const agents = new Map<string, Agent>();
  const hosts = new Map<string, Host>([[localHost.name, localHost]]);
  const agent = (domain: string): Agent => {
    const known = agents.get(domain) ?? openAgent(domain);
    agents.set(domain, known);
    return known;
  };
  for (const { node, name } of lab.domains) hosts.set(nameOf(node), guestHost(node, agent(name)));
  const domainOf = (host: string) => lab.domains.find(({ node }) => host === nameOf(node));
  const named = (name: string): Host => {
    const known = hosts.get(name);
    if (!known) throw new RangeError(`the lab has no host ${name}`);
    return known;
  };
  return {
    libvirt,
    agent,
    named,
    at: (where) => named(hostNameOf(where)),
    async stateOf(host) {
      const domain = domainOf(host);
      return domain && ((await libvirt.state(domain.name)) ?? 'shut off');
    },
    async lastWordsOf(host) {
      const domain = domainOf(host);
      return domain && (await readGuestLog(domain.name))?.lines.at(-1);
    },
    close() {
      for (const open of agents.values()) open.close();
      libvirt.close();
      return Promise.resolve();
    },
  };
}
