import { findLoops } from '../../src/hops/loops.js';
import { wire } from '../../src/plan/wire.js';
import { prepareChecks, type PreparedCheck } from '../../src/probes/prepare.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';
import { FACTS, isValid, labOf } from './lab-of.js';
import type { verify } from './cli.js';
import { DECOY } from './random-filters.js';

/** Labs by chance that can be built, and what their verdicts are held against. */

type Verdicts = Awaited<ReturnType<typeof verify>>['verdicts'];

/** Draw a lab with so many checks. What is refused (a ring without spanning tree, a route by a port that is left down) is drawn again, what has no sense as a check is left out. */
export function checked(count: number, draw: (checks: number) => LabDefinition): LabDefinition {
  for (;;) {
    const drawn = draw(2 * count);
    if (!isValid(drawn)) continue;
    const lab = labOf(drawn);
    const { model } = wire(lab, FACTS);
    if (findLoops(model).length > 0) continue;
    const wrong = new Set(prepareChecks(lab, model).problems.map(({ path }) => path[1]));
    const verify = (drawn.verify ?? []).filter((_, index) => !wrong.has(index)).slice(0, count);
    if (verify.length === count) return { ...drawn, verify };
  }
}

/** What contradicts the model in the verdicts of a lab. */
export function contradictions(lab: LabDefinition, verdicts: Verdicts) {
  const parsed = labOf(lab);
  const { checks } = prepareChecks(parsed, wire(parsed, FACTS).model);
  return verdicts.flatMap((verdict, index) => {
    const check = checks[index];
    if (!check) throw new RangeError(`nothing is known of check ${index}`);
    const { surprise, message, predicted, outcome, blame } = verdict;
    const wrong = surprise ?? (outcome === 'error' ? message : misled(check, blame));
    return wrong === undefined
      ? []
      : [{ wrong, check: lab.verify?.[index], predicted, blame, index, verdict }];
  });
}

/** Where a blame names what is not on any way of its check: one thing of the lab is not why a frame died elsewhere. */
function misled(
  { probe: { courses } }: PreparedCheck,
  blame: Verdicts[number]['blame'],
): string | undefined {
  if (!blame) return undefined;
  const hops = courses.flat().flatMap(({ path }) => path);
  const own = hops.flatMap(({ label, stack }) => [label, `${stack} stack`]);
  if (!own.includes(blame.at)) return `${blame.at} is blamed, which is not on the way`;
  const told = [blame.reason, blame.remedy].join(' ');
  return told.includes(DECOY) ? `a decoy is blamed: ${told}` : undefined;
}

type LabNode = LabDefinition['nodes'][string];

/** Labs in one, side by side: built and proved together, which costs much less. A guest that several have is one. */
export function together(name: string, labs: readonly LabDefinition[]): LabDefinition {
  const nodes = new Map<string, LabNode>();
  for (const [id, node] of labs.flatMap((lab) => Object.entries(lab.nodes))) {
    const { namespaces = [], devices = [], addresses = {}, ...rest } = nodes.get(id) ?? node;
    const isNew = !nodes.has(id);
    nodes.set(
      id,
      isNew
        ? node
        : {
            ...rest,
            namespaces: [...namespaces, ...(node.namespaces ?? [])],
            devices: [...devices, ...(node.devices ?? [])],
            addresses: { ...addresses, ...node.addresses },
          },
    );
  }
  return {
    name,
    nodes: Object.fromEntries(nodes),
    links: labs.flatMap(({ links = [] }) => links),
    verify: labs.flatMap(({ verify = [] }) => verify),
  };
}
