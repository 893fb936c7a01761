import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import config from '../../vitest.config.js';
import { LONGEST } from '../support/longest-first.js';
import { privateHost } from '../support/private-host.js';
import { matches, root, texts } from './tree.js';

/** What keeps test files out of each other's way. */

const projects = (config.test?.projects ?? []).flatMap((project) =>
  typeof project === 'object' && 'test' in project ? [project.test ?? {}] : [],
);
const withHosts = projects
  .filter(({ pool }) => pool === privateHost)
  .map(({ name }) => (typeof name === 'string' ? name : ''));

/** Imports of what builds labs and compares hosts. */
const acts =
  /from '.*(\/apply\/(up|down|session)|\/support\/(small-lab|frame-(capture|matrix)|attacked-host)|\/bench\/patchlab)\.js'|\b(hostSnapshot|startCli|scratchHost)\b.*\(|cli\(\['(up|down|verify)'/;

describe('the tiers', () => {
  it('are the folders with tests', () => {
    const tests = texts(/^test\/[^/]+\/.*\.test\.ts$/).map(({ path }) => path.split('/')[1]);
    expect(projects.map(({ name }) => name).sort()).toEqual([...new Set(tests)].sort());
  });

  it('that make devices run each file in a host of its own', () => {
    expect(withHosts).toEqual(['netns', 'vm', 'faults']);
    const files = texts(/^test\/(?!bench\/|support\/|repo\/suite).*\.ts$/);
    const acting = files.filter((file) => matches([file], acts).length > 0);
    const tiers = new Set(acting.map(({ path }) => path.split('/')[1] ?? ''));
    expect([...tiers].filter((tier) => !withHosts.includes(tier))).toEqual([]);
    // The rule finds something.
    expect([...tiers].sort()).toEqual([...withHosts].sort());
  });

  it('begin with files that there are', () => {
    expect(LONGEST.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('are all in scripts/test, those with hosts in one step', () => {
    const [script] = texts(/^scripts\/test$/);
    expect(script?.text).toContain(`'${withHosts.join(' ')}'`);
    const steps = /^steps=\((.*)\)$/m
      .exec(script?.text ?? '')?.[1]
      ?.replaceAll("'", '')
      .split(' ');
    const folders = readdirSync(join(root, 'test')).filter((name) =>
      projects.some((project) => project.name === name),
    );
    expect(steps?.filter((name) => name !== 'check').sort()).toEqual(folders.sort());
  });
});

describe('the tests', () => {
  it('wait for what is to be there, never for a time', () => {
    const tests = texts(/^test\/(?!bench\/).*\.ts$/).filter(
      ({ path }) => path !== 'test/repo/suite.test.ts',
    );
    const sleeps =
      /timers\/promises|=>\s*(void )?setTimeout\(\w+,|new Promise.*setTimeout|'sleep', '\d{1,2}'\]|[^(]\bsleep [\d.]+ *(;|&&|')/;
    // Not what a test waits for: programs that run long, a guest whose answer leaves before it does, a shell that polls.
    const allowed = [
      /exec sleep/,
      /reboot -f/,
      /kill -9 \$(loop|PPID)/,
      /until (\[ (-e |"\$octets")|listens)/,
      /sleep 4711/,
      /^test\/vm\/hostile-agent.*(sleep 0\.5|read -r line <&3)/,
    ];
    expect(
      matches(tests, sleeps).filter((line) => !allowed.some((pattern) => pattern.test(line))),
    ).toEqual([]);
  });
});
