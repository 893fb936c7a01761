import { availableParallelism, totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { longestFirst } from './test/support/longest-first.js';
import { privateHost } from './test/support/private-host.js';

interface Tier {
  readonly name: string;
  /** Milliseconds for one test and for one hook. */
  readonly test: number;
  readonly hook: number;
  /**
   * How test files run: `beside` each other; `alone`, because they share what the host has once; each in a private
   * `host`, because they make devices and compare the host.
   */
  readonly files: 'beside' | 'alone' | 'host';
}

/** The tiers of test/, one folder each, in the order in which they run; those with hosts run as one. */
const tiers: readonly Tier[] = [
  { name: 'unit', test: 10_000, hook: 10_000, files: 'beside' },
  { name: 'golden', test: 60_000, hook: 60_000, files: 'beside' },
  { name: 'browser', test: 30_000, hook: 60_000, files: 'alone' },
  { name: 'libvirt', test: 30_000, hook: 30_000, files: 'beside' },
  { name: 'netns', test: 300_000, hook: 300_000, files: 'host' },
  { name: 'vm', test: 600_000, hook: 600_000, files: 'host' },
  { name: 'faults', test: 600_000, hook: 600_000, files: 'host' },
  { name: 'repo', test: 60_000, hook: 60_000, files: 'alone' },
];

/** Much of a test's time is waiting for frames and guests, so more hosts than processors; one takes 2 GiB at most. */
const hosts = Math.max(1, Math.min(availableParallelism() * 2, Math.floor(totalmem() / 2 ** 31)));

const running = {
  beside: {},
  alone: { fileParallelism: false },
  host: { pool: privateHost, maxWorkers: Number(process.env.PATCHLAB_TEST_HOSTS ?? hosts) },
};

const firstWithHosts = tiers.findIndex(({ files }) => files === 'host');

export default defineConfig({
  test: {
    projects: tiers.map(({ name, test, hook, files }, order) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: test,
        hookTimeout: hook,
        ...running[files],
        // Projects of one group run side by side: a group for each keeps the order.
        sequence: { groupOrder: files === 'host' ? firstWithHosts : order },
      },
    })),
    sequence: { sequencer: longestFirst },
    passWithNoTests: true,
  },
});
