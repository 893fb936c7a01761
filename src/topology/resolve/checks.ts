import { probeKind } from '../kinds.js';
import { sameSubnet } from '../address.js';
import {
  hasInside,
  isAt,
  type Address,
  type Check,
  type Lab,
  type LabNode,
  type LinkEnd,
} from '../lab.js';
import type { Path, Problem } from '../problem.js';
import type { CheckSpec, StepSpec } from '../schema.js';
import { isStep } from './steps.js';
import { didYouMean } from '../suggest.js';

type Report = (...problems: readonly Problem[]) => void;

/** Checks as written, with the places that they name looked up. */
export function resolveChecks(
  specs: readonly (CheckSpec | StepSpec)[],
  nodes: readonly LabNode[],
  report: Report,
): readonly Check[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return specs.flatMap((spec, index): readonly Check[] => {
    const path: Path = ['verify', index];
    if (isStep(spec)) {
      for (const key of ['from', 'to'] as const)
        if (spec[key] !== undefined) report(...place(spec[key], [...path, key], byName));
      return [];
    }
    if (spec.from === undefined) {
      report(...place(spec.at, [...path, 'at'], byName));
      return [lookingAt(spec)];
    }
    report(
      ...place(spec.from, [...path, 'from'], byName),
      ...place(spec.to, [...path, 'to'], byName),
    );
    if (spec.at !== undefined && spec.expect !== 'blocked') {
      report({
        code: 'topology/at-without-blocked',
        path: [...path, 'at'],
        what: '`at` says where the frame must die, but the check expects it to pass.',
        fix: 'add `expect: blocked`',
      });
    }
    return [{ ...spec, at: spec.at }];
  });
}

/** What is looked at begins and ends at its place. */
const lookingAt = ({
  at: place,
  ...spec
}: Extract<CheckSpec, { readonly from?: undefined }>): Check => ({
  ...{ ...spec, from: place, to: place, at: undefined, nowhere_else: false },
  expect: spec.expect === probeKind(spec.probe).looks?.blocked ? 'blocked' : 'pass',
});

function place(ref: string, path: Path, nodes: ReadonlyMap<string, LabNode>): readonly Problem[] {
  const [stackName = ''] = ref.split(':');
  const [nodeName = '', namespace] = stackName.split('/');
  const node = nodes.get(nodeName);
  if (!node) {
    const names = [...nodes.keys()];
    return [
      {
        code: 'topology/unknown-node',
        path,
        what: `There is no node \`${nodeName}\`.`,
        fix: () => didYouMean(nodeName, names),
      },
    ];
  }
  if (node.stacks.some((stack) => stack.namespace === namespace)) return [];
  const known = node.stacks.flatMap((stack) => stack.namespace ?? []);
  return [
    {
      code: 'topology/unknown-namespace',
      path,
      what: `${nodeName} has no inner namespace \`${namespace ?? ''}\`.`,
      fix: () => didYouMean(namespace ?? '', known),
    },
  ];
}

/** Without `verify`: each cable both ways, LLDP always, ARP and ICMP where both ports have addresses of one subnet. */
export function defaultChecks(lab: Lab): readonly Check[] {
  const nodes = new Map(lab.nodes.map((node) => [node.name, node]));
  const nodeOf = ({ port }: LinkEnd): LabNode | undefined => nodes.get(port.node);
  const isClosed = (end: LinkEnd): boolean => {
    const node = nodeOf(end);
    return node !== undefined && !hasInside(node);
  };
  const addressesOf = (end: LinkEnd): readonly Address[] =>
    nodeOf(end)?.addresses.filter(isAt(end)) ?? [];
  return lab.links.flatMap((link) =>
    link.cables.flatMap((cable) => {
      const [a, b] = cable.map((index) => link.ends[index]);
      if (!a || !b || isClosed(a) || isClosed(b)) return [];
      const far = addressesOf(b);
      const shared = addressesOf(a).filter((left) =>
        far.some((right) => sameSubnet(left, right) && left.ip !== right.ip),
      );
      const probes = [
        'lldp',
        ...(shared.some(({ family }) => family === 4) ? ['arp'] : []),
        ...(shared.length > 0 ? ['icmp'] : []),
      ];
      const check = (probe: string, from: LinkEnd, to: LinkEnd): Check => ({
        probe,
        from: from.port.ref,
        to: to.port.ref,
        expect: 'pass',
        at: undefined,
        nowhere_else: false,
      });
      return probes.flatMap((probe) => [check(probe, a, b), check(probe, b, a)]);
    }),
  );
}
