import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root, texts } from './tree.js';

const programs = texts(/^(scripts|bin|\.ci)\//).filter(({ text }) => text.startsWith('#!'));
const shell = texts(/^(scripts|bin|\.ci)\//)
  .filter(({ text }) => /^#(!.*\b(ba)?sh$| shellcheck shell=)/m.test(text.split('\n', 1)[0] ?? ''))
  .map(({ path }) => path);

describe('the scripts', () => {
  it('can be run', () => {
    expect(programs.map(({ path }) => path)).toContain('scripts/setup');
    const locked = programs.filter(({ path }) => !(statSync(join(root, path)).mode & 0o111));
    expect(locked.map(({ path }) => path)).toEqual([]);
  });

  it('pass shellcheck', (context) => {
    expect(shell).toContain('scripts/setup');
    const check = spawnSync('shellcheck', ['--external-sources', ...shell], {
      cwd: root,
      encoding: 'utf8',
    });
    if (check.error) context.skip('shellcheck is not installed');
    expect(check.stdout).toBe('');
    expect(check.status).toBe(0);
  });
});

describe('count-tests', () => {
  /** What count-tests prints for a report of `files`, after vitest ended with `exitCode`. */
  function count(files: unknown[] | undefined, exitCode: number): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'patchlab-count-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const report = join(folder, 'report.json');
    if (files) writeFileSync(report, JSON.stringify({ testResults: files }));
    const program = join(root, 'scripts/lib/count-tests.mjs');
    const argv = [program, report, String(exitCode), 'unit', 'netns'];
    return execFileSync('node', argv, { encoding: 'utf8' }).trim().split('\n');
  }
  const nothing = '0 0 0 0';
  const file = (status: string, ...tests: string[]) => ({
    ...{ name: '/tree/test/unit/plan/x.test.ts', startTime: 1000, endTime: 3050.5, status },
    assertionResults: tests.map((test) => ({ status: test })),
  });

  it('counts a skip as a skip', () => {
    expect(count([file('passed', 'passed', 'skipped', 'pending', 'todo')], 0)).toEqual([
      '1 0 3 21',
      nothing,
    ]);
  });

  it('counts a file that did not load as a failure', () => {
    expect(count([file('passed', 'passed'), file('failed')], 1)).toEqual(['1 1 0 21', nothing]);
    expect(count([file('failed', 'passed', 'failed')], 1)).toEqual(['1 1 0 21', nothing]);
  });

  it('counts a run that failed outside of its tests as a failure', () => {
    expect(count([file('passed', 'passed')], 1)).toEqual(['1 1 0 21', nothing]);
    expect(count(undefined, 137)).toEqual(['0 1 0 0', nothing]);
  });

  it('counts each tier for itself, and its time from its first file to its last', () => {
    const netns = (startTime: number, endTime: number, ...tests: string[]) => ({
      ...file('failed', ...tests),
      ...{ name: '/tree/test/netns/x.test.ts', startTime, endTime },
    });
    const files = [
      file('passed', 'passed'),
      netns(5000, 8000, 'failed'),
      netns(2000, 6000, 'passed', 'failed'),
    ];
    expect(count(files, 1)).toEqual(['1 0 0 21', '1 2 0 60']);
  });
});
