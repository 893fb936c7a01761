import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from '../repo/tree.js';

/** Test files that take long, the longest first: what starts last must not keep everybody waiting. */
export const LONGEST: readonly string[] = [
  'test/browser/report.test.ts',
  'test/golden/labs.test.ts',
  'test/unit/plan/render-sh.test.ts',
  'test/vm/labs.test.ts',
  'test/netns/examples.test.ts',
  'test/faults/catalogue.test.ts',
  'test/vm/impair.test.ts',
  'test/vm/discovery.test.ts',
  'test/vm/warm.test.ts',
  'test/vm/disk.test.ts',
  'test/vm/hops-ovs.test.ts',
  'test/vm/hops-team.test.ts',
  'test/netns/hops-labs.test.ts',
  'test/vm/change.test.ts',
  'test/netns/findings.test.ts',
  'test/netns/resource-types.test.ts',
  'test/faults/daemons.test.ts',
  'test/netns/drift.test.ts',
  'test/vm/hops-macsec.test.ts',
  'test/netns/cli.test.ts',
  'test/netns/containers.test.ts',
  'test/faults/change.test.ts',
  'test/vm/hops-hsr.test.ts',
  'test/vm/hops-files.test.ts',
  'test/netns/rootless.test.ts',
  'test/netns/change-random.test.ts',
  'test/faults/moments.test.ts',
  'test/vm/hops-team.test.ts',
  'test/vm/hops-bond.test.ts',
  'test/vm/hops-wireguard.test.ts',
  'test/faults/steps.test.ts',
  'test/vm/hops-tunnels.test.ts',
  'test/netns/ovs-spanning-tree.test.ts',
  'test/netns/random.test.ts',
  'test/vm/in-guest.test.ts',
  'test/vm/vrf.test.ts',
  'test/vm/random.test.ts',
  'test/netns/routed.test.ts',
  'test/vm/netdevsim.test.ts',
  'test/vm/bridge-vlans.test.ts',
  'test/vm/hops-guest.test.ts',
  'test/netns/transport.test.ts',
  'test/vm/hot-plug.test.ts',
  'test/netns/verify-broken.test.ts',
  'test/vm/hops-vlan.test.ts',
  'test/netns/change.test.ts',
  'test/netns/programs.test.ts',
  'test/netns/matrix.test.ts',
  'test/netns/target.test.ts',
  'test/netns/packet-filter.test.ts',
  'test/netns/capture.test.ts',
  'test/vm/matrix.test.ts',
  'test/netns/predict.test.ts',
  'test/vm/host-apart.test.ts',
  'test/vm/hostile-agent.test.ts',
  'test/faults/warm.test.ts',
  'test/netns/kernel.test.ts',
  'test/netns/cases.test.ts',
  'test/vm/cut.test.ts',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.indexOf(relative(root, moduleId));
  return at < 0 ? LONGEST.length : at;
};

/** The order of test files: those of the list first, then as vitest orders them. */
export class longestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
