import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { groupBy } from '../../src/group-by.js';
import { cli, root, topology } from '../support/cli.js';

/** Every example of every `--help` and of README.md, run as it stands there. */

const MINUTES = 60_000;

interface Example {
  readonly where: string;
  readonly line: string;
}

const inHelp: readonly Example[] = (
  await Promise.all(
    commands.map(async ({ usage, load }) =>
      ((await load()).examples ?? []).map(([line]) => ({
        where: usage,
        line: line.replaceAll('$0', 'patchlab'),
      })),
    ),
  )
).flat();

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
const inReadme: readonly Example[] = blocks.flatMap(([, , text = '']) =>
  text
    .split('\n')
    .map((line) => line.replace(/^\$ /, ''))
    .filter((line) => line.startsWith('patchlab '))
    .map((line) => ({ where: 'README.md', line })),
);

/** What is up where an example is run, with words of `up` behind it. The first that matches. */
const LABS: readonly (readonly [example: RegExp, lab: string | undefined])[] = [
  [/--rootless/, `${topology('bridge-eats-lldp.yaml')} --rootless`],
  [/patchlab (up|plan|predict|graph|guest|doctor|kinds|labs|matrix|list)\b/, undefined],
  [/patchlab (init|validate|docs|schema|completion|import)\b/, undefined],
  [/patchlab (logs|flows)/, topology('os-ken-discovery.yaml')],
  [/lldp-direct/, topology('lldp-direct.yaml')],
  [/relay/, 'relay.yaml'],
  [/across|ring-failover/, topology('ring-failover.yaml')],
  [/\bwan\b|near:eth1/, topology('impaired-link.yaml')],
  [/macvlan-modes|@host/, `${topology('macvlan-modes.yaml')} --in-guest`],
  [/patchlab patch/, topology('moved-patches.yaml')],
  [/\ba:eth1\b/, topology('bridge-eats-lldp.yaml')],
  [/\bsw[12]\b/, topology('ovs-patch-panel.yaml')],
  [/./, undefined],
];

/** Exit codes that an example may have, where 0 is not the only one. */
const CODES: readonly (readonly [example: RegExp, codes: readonly number[]])[] = [
  // A frame dies in these labs: that is what they show.
  [/relay|bridge-eats|a:eth1 b:eth1/, [0, 1]],
  // What this host lacks is not patchlab's fault.
  [/doctor/, [0, 4]],
  [/./, [0]],
];

const first = <T>(table: readonly (readonly [RegExp, T])[], line: string): T | undefined =>
  table.find(([pattern]) => pattern.test(line))?.[1];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchlab-test-'));
  // Homes are no private host's own.
  vi.stubEnv('XDG_STATE_HOME', join(folder, 'state'));
  const yaml = blocks.find(([, language]) => language === 'yaml')?.[2] ?? '';
  await writeFile(join(folder, 'relay.yaml'), yaml);
  await copyFile(
    join(root, 'test/golden/import/clab-hosts.clab.yml'),
    join(folder, 'lab.clab.yml'),
  );
});
afterAll(async () => {
  await downAll();
  await rm(folder, { recursive: true, force: true });
});

/** Also what needs no root. */
async function downAll(): Promise<void> {
  for (const words of [[], ['--rootless']]) await cli(['down', '--all', ...words]);
}

/** Run a line as somebody types it: in a terminal where it wants one. */
async function type(line: string) {
  const env = {
    PATH: `${join(root, 'bin')}:${process.env.PATH ?? ''}`,
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  };
  if (!line.startsWith('patchlab console'))
    return execa('bash', ['-c', line], { cwd: folder, env, reject: false, all: true, input: '' });
  // A terminal, in which somebody presses Ctrl-] until the console is left.
  const terminal = execa('script', ['-qec', line, '/dev/null'], {
    ...{ cwd: folder, env, reject: false, all: true, stdin: 'pipe' },
  });
  terminal.stdin.on('error', () => undefined);
  const presses = setInterval(() => terminal.stdin.write('\x1d'), 200);
  return terminal.finally(() => clearInterval(presses));
}

const NONE = 'none';
const byLab = groupBy([...inHelp, ...inReadme], ({ line }) => first(LABS, line) ?? NONE);

/** Commands after which a lab may be down, or another than its file says. */
const CHANGES = /patchlab (up|down|restart|cut|plug|patch|impair|prune)\b/;

describe.each([...byLab])('on the lab %s', (lab, examples) => {
  let isAsWritten = false;
  beforeAll(downAll, MINUTES);
  beforeEach(async () => {
    if (lab === NONE || isAsWritten) return;
    const [file = '', ...words] = lab.split(' ');
    const path = file.startsWith('/') ? file : join(folder, file);
    const { exitCode, stderr } = await cli(['up', path, ...words]);
    expect([exitCode, stderr]).toEqual([0, expect.anything()]);
    isAsWritten = true;
  }, 2 * MINUTES);

  it.each(examples)(
    '$where: $line',
    async ({ line }) => {
      isAsWritten &&= !CHANGES.test(line);
      const { exitCode, all } = await type(line);
      const codes = first(CODES, line) ?? [];
      expect(codes.includes(exitCode ?? -1), `exit code ${exitCode}:\n${all}`).toBe(true);
      if (/patchlab up/.test(line)) await downAll();
    },
    3 * MINUTES,
  );
});

it('has examples of every command, and of README.md', async () => {
  for (const { usage, load } of commands)
    expect([usage, (await load()).examples]).not.toEqual([usage, undefined]);
  expect(inReadme.length).toBeGreaterThan(4);
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('macvtap');
});
