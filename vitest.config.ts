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
   * How test files run: `pure` ones beside each other in processes that load each module once; `beside` each other;
   * `alone`, because they share what the host has once; each in a private `host`, because they make devices and compare
   * the host.
   */
  readonly files: 'pure' | 'beside' | 'host';
}

/** The tiers of test/, one folder each, in the order in which their groups run. */
const tiers: readonly Tier[] = [
  { name: 'unit', test: 10_000, hook: 10_000, files: 'pure' },
  { name: 'golden', test: 60_000, hook: 60_000, files: 'pure' },
  { name: 'browser', test: 30_000, hook: 60_000, files: 'beside' },
  { name: 'libvirt', test: 30_000, hook: 30_000, files: 'beside' },
  { name: 'netns', test: 300_000, hook: 300_000, files: 'host' },
  { name: 'vm', test: 600_000, hook: 600_000, files: 'host' },
  { name: 'faults', test: 600_000, hook: 600_000, files: 'host' },
  { name: 'repo', test: 60_000, hook: 60_000, files: 'pure' },
];

/** Much of a test's time is waiting for frames and guests, so more hosts than processors; one takes 2 GiB at most. */
const hosts = Math.max(1, Math.min(availableParallelism() * 2, Math.floor(totalmem() / 2 ** 31)));

const running = {
  pure: { isolate: false },
  beside: {},
  host: {
    pool: privateHost,
    maxWorkers: Number(process.env.PATCHLAB_TEST_HOSTS ?? hosts),
    server: { deps: { external: [/\/dist\//] } },
  },
};

/** What the command line is built of, which loads in a fraction of the time of its sources: each such file has a process of its own. */
const BUILT = {
  find: /^(?:\.\.\/)+src\/(.*\.js)$/,
  replacement: `${import.meta.dirname}/dist/$1`,
};

/** Tiers of one group run side by side. */
const GROUPS = { pure: 0, beside: 0, host: 1 } as const;

export default defineConfig({
  test: {
    projects: tiers.map(({ name, test, hook, files }) => ({
      resolve: { alias: files === 'host' ? [BUILT] : [] },
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: test,
        hookTimeout: hook,
        ...running[files],
        sequence: { groupOrder: GROUPS[files] },
      },
    })),
    sequence: { sequencer: longestFirst },
    passWithNoTests: true,
  },
});
