import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  restoresHost,
  scratchFolder,
  startCli,
  status,
  topologyFile,
} from '../support/cli.js';

/** What a file does between checks: in the report, and taken back however a verification ends. */

const lab = (verify: string): string => `name: stepped
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24, eth2: 10.0.1.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24, eth2: 10.0.1.2/24 } }
links:
  - { kind: veth, name: left, ends: [a:eth1, b:eth1] }
  - { kind: redirect, name: right, ends: [a:eth2, b:eth2] }
verify:
${verify}`;

const folder = scratchFolder();
restoresHost();

const links = async () => (await status('stepped')).links.map(({ id, state }) => `${id} ${state}`);

async function built(verify: string): Promise<string> {
  const file = await topologyFile(folder, 'stepped.yaml', lab(verify));
  expect((await cli(['up', file])).exitCode).toBe(0);
  return file;
}

describe('a step between checks', () => {
  it('is done, told with its pings in each report, and taken back', async () => {
    const file = await built(`  - { do: cut left, from: a:eth2, to: b:eth2, within: 1s }
  - { probe: icmp, from: a:eth1, to: b:eth1, expect: blocked }
  - { do: cut right, from: a:eth2, to: b:eth2 }
  - { probe: icmp, from: a:eth2, to: b:eth2, expect: blocked }
  - { do: plug left }
  - { probe: icmp, from: a:eth1, to: b:eth1 }
`);
    const reports = ['html', 'md', 'xml'].map((format) => join(folder, `steps.${format}`));
    const { exitCode, result } = await cliJson(
      'verify',
      file,
      ...reports.flatMap((report) => ['--report', report]),
    );
    expect(result.verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual(
      result.verdicts.map(() => ['pass', null]),
    );
    const [decoy, lost, plugged] = result.steps;
    expect(result.steps.map((step) => [step.do, step.links, step.after, step.outcome])).toEqual([
      ['cut', ['left'], 0, 'pass'],
      ['cut', ['right'], 1, 'fail'],
      ['plug', ['left'], 2, 'pass'],
    ]);
    // Another cable that is cut costs no ping its time.
    expect(decoy?.pings).toMatchObject({ within: 1000, predicted: 'pass' });
    expect(decoy?.pings?.gap).toBeLessThan(1000);
    expect(lost?.pings).toMatchObject({ gap: null, within: null, predicted: 'blocked' });
    expect(lost?.message).toBe(
      'right is cut; pings from a:eth2 to b:eth2 are not answered any more.',
    );
    expect(plugged?.pings).toBeNull();
    expect(exitCode).toBe(1);
    expect(await links()).toEqual(['left up', 'right up']);
    for (const report of reports)
      expect(await readFile(report, 'utf8')).toContain('are not answered any more');
  });

  it('leaves what was cut before as it was, where Ctrl-C ends it as well', async () => {
    const file = await built(`  - { do: cut left }
  - { do: plug right }
  - { probe: icmp, from: a:eth2, to: b:eth2 }
`);
    await cli(['cut', 'right']);
    expect((await cli(['verify', file])).exitCode).toBe(0);
    expect(await links()).toEqual(['left up', 'right cut']);
    await cli(['plug', 'right']);
    await writeFile(
      file,
      lab(`  - { probe: icmp, from: a:eth1, to: b:eth1 }
  - { do: cut left, from: a:eth2, to: b:eth2 }
  # It is waited for, for seconds.
  - { probe: lldp, from: a:eth1, to: b:eth1, expect: blocked }
  - { do: plug left, from: a:eth1, to: b:eth1 }
  - { probe: icmp, from: a:eth1, to: b:eth1 }
`),
    );
    const isPinging = async () =>
      (await execa('pgrep', ['-f', '^ping .* -D '], { reject: false })).exitCode === 0;
    const isCut = async () => (await links()).includes('left cut');
    for (const moment of [isPinging, isCut]) {
      const running = startCli(['verify', file]);
      await expect.poll(moment, { timeout: 30_000, interval: 20 }).toBe(true);
      running.kill('SIGINT');
      const { exitCode, stderr } = await running;
      expect(exitCode, stderr).toBe(3);
      expect(await links()).toEqual(['left up', 'right up']);
      expect(await isPinging()).toBe(false);
    }
  });
});
