import type { PlanFacts } from '../../../src/links/define.js';
import { wire } from '../../../src/plan/wire.js';
import type { Probe } from '../../../src/probes/define.js';
import { prepareChecks, type PreparedChecks } from '../../../src/probes/prepare.js';
import type { Check } from '../../../src/topology/lab.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

const FACTS: PlanFacts = { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} };

export const MAC_A = '02:00:00:00:00:0a';
export const MAC_B = '02:00:00:00:00:0b';

export type SmallCheck = Pick<Check, 'probe' | 'from' | 'to'> & { readonly family?: 4 | 6 };

const node = (mac: string, addresses: string): string =>
  `{ kind: netns, ports: { eth1: { mac: '${mac}' } }${addresses && `, addresses: { eth1: [${addresses}] }`} }`;

/** Two namespaces on two cables; the first cable has known MACs and these addresses. */
export function prepareIn(a: string, b: string, check: SmallCheck): PreparedChecks {
  const text = `name: small
nodes:
  a: ${node(MAC_A, a)}
  b: ${node(MAC_B, b)}
links:
  - { kind: veth, ends: [a:eth1, b:eth1] }
  - { kind: veth, ends: [a:eth2, b:eth2] }
`;
  const { lab } = parseTopology(parseYaml('small.yaml', text));
  const checks: readonly Check[] = [
    { expect: 'pass', at: undefined, nowhere_else: false, ...check },
  ];
  return prepareChecks({ ...lab, checks }, wire(lab, FACTS).model);
}

/** The only check of such a lab, made ready. */
export function probeIn(a: string, b: string, check: SmallCheck): Probe {
  const { checks, problems } = prepareIn(a, b, check);
  const [prepared] = checks;
  if (!prepared) throw new Error(problems.map(({ what }) => what).join('\n'));
  return prepared.probe;
}
