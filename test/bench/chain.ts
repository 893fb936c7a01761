import type { LabDefinition } from '../../src/topology/define-lab.js';

/** A chain of namespaces on veth cables, each cable with a subnet of its own. */
export function chainTopology(name: string, nodes: number): LabDefinition {
  const subnet = (cable: number): string => `10.${cable >> 8}.${cable & 255}`;
  return {
    name,
    nodes: Object.fromEntries(
      Array.from({ length: nodes }, (_, index) => [
        `n${index}`,
        {
          kind: 'netns' as const,
          addresses: {
            ...(index > 0 && { left: `${subnet(index - 1)}.2/24` }),
            ...(index < nodes - 1 && { right: `${subnet(index)}.1/24` }),
          },
        },
      ]),
    ),
    links: Array.from({ length: nodes - 1 }, (_, index) => ({
      kind: 'veth' as const,
      ends: [`n${index}:right`, `n${index + 1}:left`] as [string, string],
    })),
  };
}
