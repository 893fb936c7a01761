import { hopId } from '../hops/graph.js';
import type { Wiring } from '../plan/wire.js';
import type { Lab } from './lab.js';
import type { Problem } from './problem.js';

/** Routes by ports that a link leaves down: the kernel takes none (net/ipv4/fib_semantics.c, fib_check_nh_nongw). Pure. */
export const downRouteProblems = ({ nodes }: Lab, { graph }: Wiring): readonly Problem[] =>
  nodes.flatMap(({ name, routes }) =>
    routes.flatMap(({ stack, device, to }, index): readonly Problem[] => {
      const hop = device === undefined ? undefined : graph.hops.get(hopId(stack, device));
      if (hop?.settings.down !== true) return [];
      return [
        {
          code: 'topology/wrong-value',
          path: ['nodes', name, 'routes', index],
          what: `The route of ${stack} to ${to} leaves by ${device}, which its link leaves down, so the kernel refuses it.`,
          fix: `remove the route, or take ${hop.label} out of \`down\``,
        },
      ];
    }),
  );
