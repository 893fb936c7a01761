import { deviceKind } from '../kinds.js';
import type { Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';

/** What devices of one kind in a node cannot be beside each other, or must be to each other. Paths are relative to the node's spec. */
export const togetherProblems = ({ devices }: NodeSpec): readonly Problem[] =>
  [...new Set(devices.map(({ kind }) => kind))].flatMap((kind) => {
    const descriptor = deviceKind(kind);
    const own = devices.flatMap((spec, index) => (spec.kind === kind ? [{ spec, index }] : []));
    const problems = descriptor.together?.(own.map(({ spec }) => spec as never)) ?? [];
    return problems.map((problem): Problem => {
      const [at, ...path] = problem.path;
      return { ...problem, path: ['devices', own[Number(at)]?.index ?? 0, ...path] };
    });
  });
