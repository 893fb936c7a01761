import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { pathWithout } from '../support/path-without.js';
import { describe, expect, it } from 'vitest';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { readPcapng } from '../support/pcapng.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  root,
  scratchFolder,
  startCli,
  status,
  topology,
  topologyFile,
  verify,
  restoresHost,
} from '../support/cli.js';

const LAB = topology('namespace-cable.yaml');
const NAME = 'namespace-cable';

const folder = scratchFolder();
const before = restoresHost();

const chain = (name: string, length: number): string =>
  JSON.stringify({
    name,
    nodes: Object.fromEntries(Array.from({ length }, (_, i) => [`n${i}`, { kind: 'netns' }])),
    links: Array.from({ length: length - 1 }, (_, i) => ({
      kind: 'veth',
      ends: [`n${i}:right`, `n${i + 1}:left`],
    })),
  });

describe('a lab of namespaces', () => {
  it('is built, proved and removed, and the host is as before', async () => {
    expect((await cli(['up', LAB])).exitCode).toBe(0);
    const { exitCode, verdicts } = await verify(NAME);
    expect(exitCode).toBe(0);
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual(
      Array(6).fill(['pass', null]),
    );
    const { exitCode: code, stdout } = await cli([
      'exec',
      'a',
      '--',
      'ip',
      '-br',
      'addr',
      'show',
      'eth1',
    ]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('10.0.0.1/24')]);
    expect((await cli(['down', NAME])).exitCode).toBe(0);
    await expectHostAsBefore(before());
  });

  it('is left alone by a second `up`', async () => {
    await cli(['up', LAB]);
    const built = await hostSnapshot();
    expect(await cliJson('up', LAB)).toMatchObject({ exitCode: 0, result: { changed: false } });
    expect(await hostSnapshot()).toBe(built);
  });

  it('is taken down again by Ctrl-C in the middle', async () => {
    const file = await topologyFile(folder, 'long.json', chain('long', 150));
    const up = startCli(['up', file]);
    await new Promise((resolve) => up.stderr.once('data', resolve));
    up.kill('SIGINT');
    const { exitCode } = await up;
    expect(exitCode).not.toBe(0);
    await expectHostAsBefore(before());
  });

  it('is taken down again by Ctrl-C on a terminal, where the progress moves', async () => {
    const file = await topologyFile(folder, 'longer.json', chain('longer', 150));
    const terminal = execa('script', ['-qec', `${root}bin/patchlab up ${file}`, '/dev/null'], {
      reject: false,
      stdin: 'pipe',
    });
    await new Promise((resolve) => terminal.stdout.once('data', resolve));
    terminal.stdin.write('\x03');
    const { exitCode, stdout } = await terminal;
    expect(exitCode).not.toBe(0);
    // Which of the two depends on whether the building has begun.
    expect(stdout).toMatch(/broken off|stopped by Ctrl-C/);
    await expectHostAsBefore(before());
  });

  it('is left without captures and daemons when `verify` is broken off', async () => {
    await cli(['up', topology('bridge-eats-lldp.yaml')]);
    const built = await hostSnapshot();
    const broken = startCli(['verify', 'bridge-eats-lldp']);
    await expect.poll(hostSnapshot, { timeout: 60_000, interval: 50 }).toContain('ladvd');
    broken.kill('SIGINT');
    expect((await broken).exitCode).not.toBe(0);
    await expectHostAsBefore(built);
  });

  it('can be built and removed by the planned scripts alone', async () => {
    const out = join(folder, 'scripts');
    expect((await cli(['plan', LAB, '--out', out])).exitCode).toBe(0);
    await execa('sh', [join(out, 'plan.sh')]);
    const ping = await execa('ip', [
      'netns',
      'exec',
      'namespace-cable.a',
      'ping',
      '-c1',
      '10.0.0.2',
    ]);
    expect(ping.exitCode).toBe(0);
    await execa('sh', [join(out, 'teardown.sh')]);
    await expectHostAsBefore(before());
  });

  it('keeps its captures as one file that tcpdump and Wireshark read', async (context) => {
    await cli(['up', LAB]);
    const evidence = join(folder, 'new', 'evidence.pcapng');
    await cli(['verify', NAME, '--evidence', evidence]);
    const { interfaces, packets } = readPcapng(new Uint8Array(await readFile(evidence)));
    expect(interfaces.map(({ name }) => name)).toEqual(['a:eth1', 'b:eth1']);
    expect(packets.flatMap(({ comments }) => comments)).toContain(
      'arp a:eth1 > b:eth1: ARP reply, arrived',
    );
    const { stdout } = await execa('tcpdump', ['-nr', evidence]);
    for (const said of [
      'LLDP',
      'ARP, Request who-has 10.0.0.2',
      'ICMP echo request',
      'ICMP6, echo reply',
    ])
      expect(stdout).toContain(said);
    const fields = ['-e', 'frame.interface_name', '-e', 'frame.comment'];
    const tshark = await execa(
      'tshark',
      ['-r', evidence, '-Y', 'arp.opcode == 2', '-T', 'fields', ...fields],
      { reject: false },
    );
    if (tshark.code === 'ENOENT') context.skip('tshark is not installed: Wireshark was not asked');
    expect(tshark.exitCode).toBe(0);
    expect(tshark.stdout).toContain('b:eth1\tarp a:eth1 > b:eth1: ARP reply');
    const check = await execa('capinfos', ['-o', evidence]);
    expect(check.stdout).toMatch(/Strict time order: +True/);
  });

  it('writes the reports that it is asked for, and refuses a format that it does not know', async () => {
    await cli(['up', LAB]);
    const files = ['r.html', 'r.md', 'r.xml', 'r.json', 'r.txt', 'r.svg'].map((name) =>
      join(folder, 'reports', name),
    );
    const { exitCode, stdout } = await cli([
      ...['verify', LAB, '--format', 'junit'],
      ...files.flatMap((file) => ['--report', file]),
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^<\?xml.*<testsuites name="patchlab verify" tests="6"/s);
    const [html, markdown, junit, json, terminal, svg] = await Promise.all(
      files.map((file) => readFile(file, 'utf8')),
    );
    expect(html).toMatch(/^<!doctype html>.*<\/html>\s*$/s);
    expect(markdown).toContain(
      '| icmp | a:eth1 | b:eth1 | arrives | arrives | arrived | ✅ pass |',
    );
    expect(junit?.trim()).toBe(stdout);
    expect(resultSchemas.verify.parse(JSON.parse(json ?? ''))).toMatchObject({ lab: NAME });
    expect(terminal).toContain('namespace-cable: 6 pass');
    expect(svg).toMatch(/^<svg /);

    const refused = await cli(['verify', NAME, '--report', join(folder, 'r.docx')]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('.docx');
  });

  it('reports the hop that really lost the frame, not the one that the user names', async () => {
    const text = (await readFile(topology('bridge-eats-lldp.yaml'), 'utf8')).replace(
      'at: plain bridge',
      'at: a:eth1',
    );
    const file = await topologyFile(folder, 'elsewhere.yaml', text);
    await cli(['up', file]);
    const { exitCode, verdicts } = await verify(file);
    expect(exitCode).toBe(1);
    expect(verdicts[0]).toMatchObject({
      outcome: 'fail',
      blame: { at: 'plain bridge', lastSeen: 'a:eth1 veth' },
    });
  });
});

describe('exit codes', () => {
  it('0: all verdicts are as expected, a frame that must be blocked included', async () => {
    await cli(['up', topology('bridge-eats-lldp.yaml')]);
    expect((await cli(['verify', 'bridge-eats-lldp'])).exitCode).toBe(0);
  });

  it('1: a verdict failed', async () => {
    const text = (await readFile(topology('bridge-eats-lldp.yaml'), 'utf8')).replace(
      ', expect: blocked, at: plain bridge',
      '',
    );
    const file = await topologyFile(folder, 'expects-lldp.yaml', text);
    await cli(['up', file]);
    const { exitCode, stdout } = await cli(['verify', 'bridge-eats-lldp']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('the LLDP advertisement died at plain bridge');
    expect(stdout).toContain('group_fwd_mask');
  });

  it('2: the usage is wrong', async () => {
    expect((await cli(['frobnicate'])).exitCode).toBe(2);
    expect((await cli(['up'])).exitCode).toBe(2);
    expect((await cli(['status', 'no-such-lab'])).exitCode).toBe(2);
    expect((await cli(['verify', 'no-such-lab'])).exitCode).toBe(2);
    expect((await cli(['up', 'no-such-file.yaml'])).exitCode).toBe(2);
    expect((await cli(['verify', 'no-such-file.yaml'])).exitCode).toBe(2);
    expect((await cli(['graph', 'no-such-file.yaml'])).exitCode).toBe(2);
  });

  it('1: a stack is gone', async () => {
    await cli(['up', LAB]);
    // Behind patchlab's back: the stack from which a probe starts is gone.
    await execa('ip', ['netns', 'del', 'namespace-cable.a']);
    const { exitCode, verdicts } = await verify(NAME);
    expect(exitCode).toBe(1);
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['fail']));
    expect(verdicts[0]?.blame?.reason).toContain('a:eth1 is gone');
  });

  it('3: it could not be found out', async () => {
    await cli(['up', LAB]);
    const { path, remove } = await pathWithout('tcpdump');
    const { exitCode, verdicts } = await verify(NAME, { PATH: path }).finally(remove);
    expect(exitCode).toBe(3);
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['error']));
  });

  it('4: the host lacks something, and nothing was touched', async () => {
    const env = { PATCHLAB_LIBVIRT_URI: 'qemu+unix:///system?socket=/nonexistent' };
    const { exitCode, stderr } = await cli(['up', topology('lldp-direct.yaml')], env);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('libvirt');
    await expectHostAsBefore(before());
  });
});

describe('--json', () => {
  it('prints of every command what docs/schema/results.json says, errors included', async () => {
    const { result: planned } = await cliJson('plan', LAB);
    expect(planned.steps.length).toBeGreaterThan(0);
    expect((await cliJson('graph', LAB)).result).toMatchObject({ lab: NAME, format: 'svg' });
    await cliJson('up', LAB);
    expect((await cliJson('list')).result.labs).toMatchObject([{ name: NAME, state: 'up' }]);
    expect(await status(NAME)).toMatchObject({ state: 'up', links: [{ state: 'up' }] });
    const { exitCode, result } = await cliJson('exec', 'b', '--', 'sh', '-c', 'echo hello; exit 3');
    expect([exitCode, result.exitCode, result.stdout]).toEqual([3, 3, 'hello\n']);
    expect((await cliJson('down', NAME)).result.labs).toMatchObject([{ lab: NAME, changed: true }]);
    expect((await cliJson('doctor')).result.results.length).toBeGreaterThan(10);
    const { stdout } = await cli(['up', 'no-such-file.yaml', '--json']);
    expect(resultSchemas.error.parse(JSON.parse(stdout))).toMatchObject({
      error: { code: 'topology/not-found', exit: 2 },
    });
  });
});

describe('a wrong topology', () => {
  const fixtures = readdirSync(join(root, 'test/golden/errors')).filter((name) =>
    name.endsWith('.yaml'),
  );

  it('changes nothing on the host, whatever is wrong with it', async () => {
    for (const name of fixtures) {
      const { exitCode, stderr } = await cli(['up', join(root, 'test/golden/errors', name)]);
      expect([name, exitCode]).toEqual([name, 2]);
      expect(stderr).toContain('Nothing was touched.');
    }
    await expectHostAsBefore(before());
  });
});
