import type { Where } from '../../../where.js';
import { defineResource } from '../define.js';

interface AgentState {
  readonly domain: string;
  /** Most time that its guest has to boot, where that is more than an image of patchlab needs. */
  readonly seconds?: number;
  /** NICs that get the names of their ports, and where: those of a system that calls them otherwise. */
  readonly inside?: Where;
  readonly nics?: readonly { readonly mac: string; readonly name: string }[];
}

/** A guest whose agent answers: from then on things can be made inside. */
export const agent = defineResource<AgentState>({
  type: 'agent',
  noun: 'agent',
  stage: () => 'inside',
  make: ({ domain, seconds, inside, nics = [] }) => [
    { do: { tool: 'await-agent', domain, ...(seconds !== undefined && { seconds }) } },
    ...nics.map(({ mac, name }) => ({
      do: { tool: 'name-nic', mac, name } as const,
      ...{ name: `name ${name}`, ...(inside && { where: inside }), why: `call the NIC ${name}` },
    })),
  ],
  remove: () => [],
  // A NIC that is added gets its name when it is plugged in.
  change: () => [],
});
