import { execa } from 'execa';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { cli, cliJson, root, scratchFolder, topology, topologyFile } from '../support/cli.js';

const LAB = topology('macvtap-arp-relay.yaml');

const WALKED = `name: walked
nodes:
  a: { kind: netns }
  b:
    kind: netns
    namespaces: [c1]
    devices:
      - { kind: veth, name: c1up, peer: c1:eth0 }
      - { kind: bridge, name: br0, members: [eth1, c1up] }
  c: { kind: netns }
  m1: { kind: netns }
  m2: { kind: netns }
links:
  - { kind: bridge, ends: [a:eth1, b:eth1, c:eth1] }
  - { kind: veth, ends: [a:eth2, b:eth2] }
  - { kind: macvlan, mode: bridge, ends: [m1:eth1, m2:eth1] }
  - { kind: macvlan, mode: vepa, ends: [m1:eth2, m2:eth2] }
`;

describe('patchlab predict', () => {
  it('needs no program: an empty PATH', async () => {
    const bare = (...args: readonly string[]) =>
      execa(process.execPath, [join(root, 'bin/patchlab'), ...args], {
        ...{ reject: false, env: { PATH: '/no' } },
      });
    const { stdout, exitCode } = await bare('predict', LAB);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('sw1:eth1 <> sw2:eth1');
    expect(stdout).toMatch(/remedy: Use `mode: passthru`/);
    // A command that needs programs finds none there.
    expect((await bare('up', LAB)).exitCode).toBe(4);
  });

  it('prints with --json what docs/schema/results.json says', async () => {
    const { stdout } = await cli(['predict', LAB, '--json', '--all']);
    const { pairs } = resultSchemas.predict.parse(JSON.parse(stdout));
    const pair = pairs.find(({ from, to }) => from === 'sw1/c1:eth0' && to === 'sw2/c1:eth0');
    expect(pair?.hears).toContain('arp-request');
    expect(pair?.lost.find((loss) => loss.class === 'arp-reply')).toMatchObject({
      outcome: 'drop',
      at: 'sw2:eth1 macvtap',
    });
  });

  it('takes a place for its table, and refuses one that the lab does not have', async () => {
    const { stdout } = await cli(['predict', LAB, '--all', '--from', 'sw1/c1']);
    expect(stdout).toContain('sw1/c1:eth0 > sw2:eth1');
    expect(stdout).not.toContain('sw1:eth1 >');
  });

  it.each([
    [['--from', 'sw3'], 'The lab has no `sw3`: did you mean `sw'],
    [['--from', 'sw1:eth2', '--to', 'sw2:eth1'], '`sw1` has no `eth2`: did you mean `eth1`?'],
    [['--to', 'sw2:eth1'], '--to needs --from'],
    [['--frame', 'lacp'], '--frame needs --from'],
    [['--from', 'sw1:eth1', '--to', 'sw1:eth1'], 'crosses no cable'],
    [['--from', 'sw1:eth1', '--frame', 'lacp', '--probe', 'icmp'], '--probe makes its own frames'],
    [['--from', 'sw1:eth1', '--frame', 'lacp', '--all'], '--all asks for a table'],
    [['--from', 'sw1:eth1', '--probe', 'icmp'], 'name the other with --to'],
    [['--from', 'sw1:eth1', '--probe', 'tcp'], '`--probe tcp` needs --port'],
    [['--from', 'sw1:eth1', '--probe', 'icmp', '--port', '1'], '--port is of a probe'],
    [['--from', 'sw1:eth1', '--to', 'sw2:eth1', '--probe', 'udp', '--port', '0'], '--port: '],
    [['--from', 'sw1:eth1', '--frame', 'unicast-own'], 'name it with --to'],
    [['--from', 'sw1:eth1', '--to', 'sw2:eth1', '--frame', 'llpd'], '`--frame llpd` is none of'],
    [['--from', 'sw1:eth1', '--to', 'sw2:eth1', '--vlan', '4095'], '--vlan: '],
    [['--from', 'sw1', '--frame', 'lacp'], 'name it: `sw1:eth1`'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await cli(['predict', LAB, ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

/** What is predicted of a frame and what becomes of it in the lab name the same hops. */
describe('patchlab predict --from --to', () => {
  const folder = scratchFolder();
  const file = topologyFile(folder, 'walked.yaml', WALKED);

  beforeAll(async () => {
    expect((await cli(['up', await file])).exitCode).toBe(0);
  });
  afterAll(() => cli(['down', 'walked']));

  it.each([
    ['a:eth1', 'b/c1', ['--frame', 'arp-request']],
    ['b/c1', 'a:eth1', ['--frame', 'unicast-own']],
    ['a:eth1', 'b:eth1', ['--frame', 'lacp']],
    ['c:eth1', 'b:eth1', ['--frame', 'pause']],
    ['a:eth2', 'b:eth2', ['--frame', 'vlan-tagged']],
    ['a:eth2', 'b:eth2', ['--frame', 'unicast-own', '--vlan', '7', '--payload', '200']],
    ['m1:eth1', 'm2:eth1', ['--frame', 'arp-request']],
    ['m1:eth2', 'm2:eth2', ['--frame', 'arp-request']],
  ])('says of %s > %s %j what trace sees', async (from, to, options) => {
    const { result: predicted } = await cliJson(
      ...(['predict', await file, '--from', from, '--to', to, ...options] as const),
    );
    const { result: traced } = await cliJson('trace', from, to, ...options, '--lab', 'walked');
    const [walk, ...others] = predicted.walks;
    expect(others).toEqual([]);
    expect(walk?.way).toEqual(traced.hops.map(({ label }) => label));
    expect([walk?.outcome, walk?.at]).toEqual(
      traced.arrived === true ? ['pass', null] : ['drop', traced.blame?.at],
    );
    // A hop sees the frame where the tree has it, in the same form.
    const forms = walk ? formsIn(walk.tree) : new Map<string, readonly number[]>();
    for (const { label, seen, frame } of traced.hops) {
      if (seen !== true) continue;
      expect([label, forms.get(label)]).toEqual([label, expect.anything()]);
      const [vlan] = forms.get(label) ?? [];
      expect(frame).toMatch(vlan === undefined ? /^(?!vlan)/ : new RegExp(`^vlan ${vlan},`));
    }
    const { stdout: told } = await cli([
      'predict',
      await file,
      '--from',
      from,
      '--to',
      to,
      ...options,
    ]);
    const { stdout: seen } = await cli(['trace', from, to, ...options, '--lab', 'walked']);
    // One layout: the same title, then a mark and the label of each hop.
    expect(told.split('\n')[0]?.split(' (')[0]?.replace(/, .*/, '')).toBe(seen.split(' (')[0]);
    for (const { label } of traced.hops)
      for (const text of [told, seen])
        expect(text).toMatch(new RegExp(`^ {2}[✓✗·?] ${label}( |$)`, 'm'));
  });
});

type Tree = z.output<typeof resultSchemas.predict>['walks'][number]['tree'];

/** The tags of the frame at each hop that it comes to. */
const formsIn = ({ label, frame, children }: Tree): ReadonlyMap<string, readonly number[]> =>
  new Map([[label, frame.vlans], ...children.flatMap((child) => [...formsIn(child)])]);
