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
  function count(files: unknown[] | undefined, exitCode: number): string {
    const folder = mkdtempSync(join(tmpdir(), 'patchlab-count-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const report = join(folder, 'report.json');
    if (files) writeFileSync(report, JSON.stringify({ testResults: files }));
    const program = join(root, 'scripts/lib/count-tests.mjs');
    return execFileSync('node', [program, report, String(exitCode)], { encoding: 'utf8' }).trim();
  }
  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  });

  it('counts a skip as a skip', () => {
    expect(count([file('passed', 'passed', 'skipped', 'pending', 'todo')], 0)).toBe('1 0 3');
  });

  it('counts a file that did not load as a failure', () => {
    expect(count([file('passed', 'passed'), file('failed')], 1)).toBe('1 1 0');
    expect(count([file('failed', 'passed', 'failed')], 1)).toBe('1 1 0');
  });

  it('counts a run that failed outside of its tests as a failure', () => {
    expect(count([file('passed', 'passed')], 1)).toBe('1 1 0');
    expect(count(undefined, 137)).toBe('0 1 0');
  });
});
