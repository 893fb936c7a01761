import { defineConfig } from 'vitest/config';

interface Tier {
  readonly name: string;
  /** Milliseconds for one test and for one hook. */
  readonly test: number;
  readonly hook: number;
  /** False where test files share what the host has once: processors, the namespace list, daemons. */
  readonly parallel: boolean;
}

/** The tiers of test/, one folder each, in the order in which they run. */
const tiers: readonly Tier[] = [
  { name: 'unit', test: 10_000, hook: 10_000, parallel: true },
  { name: 'golden', test: 20_000, hook: 20_000, parallel: true },
  { name: 'browser', test: 30_000, hook: 60_000, parallel: false },
  { name: 'libvirt', test: 30_000, hook: 30_000, parallel: true },
  { name: 'netns', test: 60_000, hook: 60_000, parallel: false },
  { name: 'vm', test: 120_000, hook: 180_000, parallel: false },
  { name: 'faults', test: 120_000, hook: 180_000, parallel: false },
  { name: 'repo', test: 60_000, hook: 60_000, parallel: false },
];

export default defineConfig({
  test: {
    projects: tiers.map((tier, order) => ({
      test: {
        name: tier.name,
        include: [`test/${tier.name}/**/*.test.ts`],
        testTimeout: tier.test,
        hookTimeout: tier.hook,
        fileParallelism: tier.parallel,
        // Projects of one group run side by side: a group for each keeps the order.
        sequence: { groupOrder: order },
      },
    })),
    passWithNoTests: true,
  },
});
