import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/apply/command.js';
import { cli, cliJson, scratchFolder, status, topologyFile } from '../support/cli.js';
import { labState } from '../support/lab-state.js';
import { fileText } from '../support/lab-of.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';

/** A lab that is up is changed in place to what its file has now, and all else of it goes on. */

const folder = scratchFolder();
const NAME = 'inplace';
const SILENT =
  'table ip theirs { chain c { type filter hook output priority 0; ip protocol icmp drop; }; }';

type Node = LabDefinition['nodes'][string];
const node = (address: string, more: object = {}): Node => ({
  kind: 'netns',
  addresses: { eth1: address },
  ...more,
});

const before: LabDefinition = {
  name: NAME,
  nodes: {
    a: node('10.0.0.1/24'),
    b: node('10.0.0.2/24'),
    c: node('10.0.1.3/24'),
    d: node('10.0.1.4/24'),
  },
  links: [
    { kind: 'veth', name: 'stays', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'ovs-panel', name: 'panel', patches: [['c:eth1', 'd:eth1']] },
  ],
};

/** An address more, another MTU, a node more on a bridge, one less on the panel, whose other port is cabled, a link by another name. */
const edited = (ofC: object = {}): LabDefinition => ({
  name: NAME,
  nodes: {
    e: node('10.0.2.5/24'),
    a: { kind: 'netns', addresses: { eth1: ['10.0.0.1/24', '10.0.0.9/24'] } },
    b: node('10.0.0.2/24'),
    c: node('10.0.1.3/24', { ports: { eth1: { mtu: 1400 } }, ...ofC }),
  },
  links: [
    { kind: 'bridge', name: 'new', group_fwd_mask: 0xfffd, ends: ['e:eth1', 'a:eth2'] },
    { kind: 'veth', name: 'renamed', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'veth', name: 'cabled', ends: ['c:eth1', 'b:eth2'] },
  ],
});
const after = edited();

const write = (lab: LabDefinition, name: string): Promise<string> =>
  topologyFile(folder, `${name}.yaml`, fileText(lab));
const up = async (lab: LabDefinition, name: string, ...words: readonly string[]) => {
  const { exitCode, result } = await cliJson('up', await write(lab, name), ...words);
  expect([exitCode, result.verdicts.filter(({ outcome }) => outcome !== 'pass')]).toEqual([0, []]);
  return result;
};
const indexOf = async (node: string, device: string): Promise<string> =>
  (await runCommand(['ip', '-n', `${NAME}.${node}`, '-o', 'link', 'show', device])).stdout.split(
    ':',
  )[0] ?? '';

afterEach(() => cli(['down', NAME]));

describe('up of a lab that is up', () => {
  it('tells each change with its reason, makes only those, and disturbs no ping', async () => {
    await up(before, 'before');
    const [index, was] = [await indexOf('a', 'eth1'), await labState(NAME)];
    const dry = await up(after, 'after', '--dry-run');
    expect(await labState(NAME)).toEqual(was);
    const told = dry.changes.map(({ how, what, because }) => [how, what, because]);
    expect(told).toContainEqual(['create', 'network namespace of e', null]);
    expect(told).toContainEqual(['remove', 'network namespace of d', null]);
    expect(told).toContainEqual(['create', 'address 10.0.0.9/24 of a:eth1', null]);
    // A link is known by what it joins, not by its name.
    expect(told.filter(([, what]) => String(what).includes('stays'))).toEqual([]);

    const ping = execa(
      'ip',
      [...['netns', 'exec', `${NAME}.a`, 'ping', '-i', '0.02', '-w', '20', '10.0.0.2']],
      { reject: false },
    );
    const made = await up(after, 'after');
    ping.kill('SIGINT');
    expect((await ping).stdout).toMatch(/ 0% packet loss/);
    expect(made.changes).toEqual(dry.changes);
    expect(await indexOf('a', 'eth1')).toBe(index);

    const changed = await labState(NAME);
    expect((await up(after, 'after')).changes).toEqual([]);
    await cli(['down', NAME]);
    await up(after, 'after');
    expect(changed).toEqual(await labState(NAME));
  });

  it('changes back what it has changed where a step fails', async () => {
    await up(before, 'before');
    const was = await labState(NAME);
    const doomed = edited({ sysctls: { 'net.ipv4.conf.all.rp_filter': 'none' } });
    const { exitCode, stderr } = await cli(['up', await write(doomed, 'doomed')]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('as it was before');
    expect(await labState(NAME)).toEqual(was);
    expect((await up(before, 'before')).changed).toBe(false);
  });

  it('makes again what somebody has removed, and nothing else', async () => {
    await up(before, 'before');
    const [index, was] = [await indexOf('a', 'eth1'), await labState(NAME)];
    await runCommand(['ip', 'netns', 'del', `${NAME}.c`]);
    const { changes } = await up(before, 'before');
    expect(changes.find(({ id }) => id === 'netns c')).toMatchObject({ how: 'create' });
    expect(await labState(NAME)).toEqual(was);
    expect(await indexOf('a', 'eth1')).toBe(index);
  });

  it('takes no name that another has by now, and removes nothing of it', async () => {
    await up(before, 'before');
    const there = `${NAME}.c`;
    await runCommand(['ip', 'netns', 'del', there]);
    await runCommand(['ip', 'netns', 'add', there]);
    await runCommand(['ip', '-n', there, 'link', 'add', 'theirs', 'type', 'veth']);
    const { exitCode, stderr } = await cli(['up', await write(before, 'before')]);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining(`\`${there}\``)]);
    expect((await runCommand(['ip', '-n', there, 'link', 'show', 'theirs'])).exitCode).toBe(0);
    await runCommand(['ip', 'netns', 'del', there]);
    await up(before, 'before');
  });

  it('knows a link by its new name, though nothing is changed on the host', async () => {
    await up(before, 'before');
    const [stays, ...others] = before.links ?? [];
    const renamed = { ...before, links: [{ ...stays, name: 'renamed' }, ...others] };
    const { changes } = await up(renamed as LabDefinition, 'renamed');
    expect(changes).toEqual([]);
    expect((await status(NAME)).links.map(({ id }) => id)).toEqual(['renamed', 'panel']);
    expect((await cli(['verify', join(folder, 'renamed.yaml')])).exitCode).toBe(0);
  });

  it('finds that a link which it has changed went silent, behind the back of the model', async () => {
    await up(before, 'before', '--no-verify');
    // Somebody drops every ping that leaves b, which no file says.
    await runCommand(['ip', 'netns', 'exec', `${NAME}.b`, 'nft', SILENT]);
    const { exitCode, result } = await cliJson('up', await write(after, 'after'));
    expect(exitCode).toBe(1);
    const bad = result.verdicts.filter(({ outcome }) => outcome !== 'pass');
    expect(bad.map(({ from, to }) => `${from} ${to}`)).toContain('b:eth1 a:eth1');
    expect(
      result.verdicts.some(({ from, outcome }) => from === 'c:eth1' && outcome === 'pass'),
    ).toBe(true);
  });

  it('starts a node again, with all that is in it, and no other', async () => {
    await up(before, 'before');
    const [index, was] = [await indexOf('c', 'eth1'), await labState(NAME)];
    await runCommand(['ip', '-n', `${NAME}.a`, 'addr', 'add', '192.0.2.1/32', 'dev', 'lo']);
    const { exitCode, result } = await cliJson('restart', NAME, 'a');
    expect(exitCode).toBe(0);
    expect(result.changes.find(({ id }) => id === 'netns a')).toMatchObject({ how: 'replace' });
    expect(result.verdicts.map(({ outcome }) => outcome)).not.toContain('fail');
    expect(await labState(NAME)).toEqual(was);
    expect(await indexOf('c', 'eth1')).toBe(index);
    expect((await up(before, 'before')).changed).toBe(false);
    expect((await cliJson('verify', join(folder, 'before.yaml'))).exitCode).toBe(0);
    const unknown = await cli(['restart', NAME, 'aa']);
    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.stderr).toContain('`a`');
  });
});
