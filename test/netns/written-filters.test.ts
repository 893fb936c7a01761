import { execa } from 'execa';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/verify/judge/verdict.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  root,
  scratchFolder,
  topology,
  topologyFile,
  verify,
} from '../support/cli.js';
import { FILTER_ROWS, filterLab, unnumbered } from '../support/filter-rows.js';

/** Packet filters of a file: what they drop is predicted from the file alone, and really dropped there. */

const folder = scratchFolder();

describe('each family and hook', () => {
  const parts = FILTER_ROWS.map(filterLab);
  let file: string;
  let verdicts: readonly Verdict[];

  beforeAll(async () => {
    const lab = {
      name: 'written',
      nodes: Object.assign({}, ...parts.map(({ nodes }) => nodes)) as object,
      links: parts.flatMap(({ links }) => links),
      verify: parts.map(({ check }) => check),
    };
    file = await topologyFile(folder, 'written.yaml', JSON.stringify(lab));
    const { exitCode, stderr } = await cli(['up', file]);
    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
    ({ verdicts } = await verify('written'));
  }, 120_000);
  afterAll(() => cli(['down', 'written']));

  it.each(FILTER_ROWS.map((row, index) => [row.at, row.nft.trim(), row, index] as const))(
    'at %s: %s',
    (_, __, { dies, may }, index) => {
      const verdict = verdicts[index]!;
      const { outcome, predicted, blame, surprise } = verdict;
      expect(surprise).toBeNull();
      const said = `${predicted.leg} at ${predicted.at}`;
      if (may !== undefined) {
        expect([outcome, predicted.outcome]).toEqual(['pass', 'random']);
        return;
      }
      expect([outcome, predicted.outcome]).toEqual(dies ? ['fail', 'blocked'] : ['pass', 'pass']);
      if (!dies) return;
      const [where, words] = dies;
      expect(unnumbered(said)).toBe(where);
      expect(unnumbered(`${blame?.leg} at ${blame?.at}`)).toBe(where);
      expect([blame?.predicted, blame?.reason]).toEqual([true, expect.stringContaining(words)]);
      expect(blame?.remedy).toContain('Change `nft:` of');
    },
  );

  it('is told by predict, with the rule, and changes nothing on the host', async () => {
    const before = await hostSnapshot();
    const { result } = await cliJson('predict', file);
    await expectHostAsBefore(before);
    result.checks.forEach((check, index) => {
      const { dies, may } = FILTER_ROWS[index]!;
      const outcome = dies ? 'blocked' : may === undefined ? 'pass' : 'random';
      expect(check).toMatchObject({ outcome });
      if (outcome !== 'pass') expect(check.reason).toContain(may ?? dies?.[1]);
    });
  });

  it('leaves what somebody adds by hand a surprise', async () => {
    const index = FILTER_ROWS.findIndex(
      ({ family, dies, may }) => family !== 6 && !dies && may === undefined,
    );
    const node = verdicts[index]!.to.split(':')[0]!;
    const rules =
      'table ip late { chain c { type filter hook input priority 5; icmp type echo-request drop; }; }';
    expect(await cli(['exec', node, '--', 'nft', rules])).toMatchObject({ exitCode: 0 });
    const { verdicts: now } = await verify('written');
    const { outcome, blame, surprise } = now[index]!;
    expect([outcome, blame?.predicted]).toEqual(['fail', false]);
    expect(blame?.reason).toContain('table ip late');
    expect(surprise).toContain('The lab is not as its file says');
  });
});

describe('a text that nft refuses', () => {
  const text = (rule: string): string => `name: refused
nodes:
  a:
    kind: netns
    addresses: { eth1: 10.0.0.1/24 }
    nft: |
      table ip t {
        chain c { type filter hook input priority 0; }
        chain d { type filter hook output priority 0; ${rule}; }
      }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links: [{ kind: veth, ends: [a:eth1, b:eth1] }]
`;
  it.each([
    ['up', 'ip sadr 10.0.0.2 drop', /refused\.yaml:9:58: nft refuses this: syntax error/],
    [
      'predict',
      'iif "eth9" drop',
      /refused\.yaml:9:59: nft refuses this: Interface does not exist/,
    ],
    [
      'plan',
      'jump e',
      /refused\.yaml:9:\d+: nft refuses this: Could not process rule: No such file/,
    ],
  ])(
    '%s: %s is a problem of the file at its place, and nothing is touched',
    async (command, rule, told) => {
      const before = await hostSnapshot();
      const file = await topologyFile(folder, 'refused.yaml', text(rule));
      const { exitCode, stderr } = await cli([command, file]);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(told)]);
      expect(await hostSnapshot()).toBe(before);
    },
  );

  it('takes a rule for a device of the stack, which is not there yet', async () => {
    const file = await topologyFile(folder, 'refused.yaml', text('oif "eth1" drop'));
    const { exitCode, result } = await cliJson('predict', file);
    const echo = result.checks.find(({ probe }) => probe === 'icmp');
    expect([exitCode, echo]).toEqual([0, expect.objectContaining({ outcome: 'blocked' })]);
  });
});

describe('predict where nft cannot be run', () => {
  const LAB = topology('packet-filter');
  const predict = (...command: readonly string[]) =>
    execa('setpriv', [...command, process.execPath, join(root, 'bin/patchlab'), 'predict', LAB], {
      reject: false,
      env: { PATH: process.env['PATH'] },
    });
  const NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];

  it('says as an ordinary user what it says to root', async () => {
    const { stdout, exitCode } = await predict(...NOBODY);
    expect([exitCode, stdout]).toEqual([0, (await cli(['predict', LAB])).stdout]);
    expect(stdout).toContain('the echo request after fw dies at fw stack');
  });

  it.each([
    [
      'the system lets nobody have namespaces',
      ['--inh-caps', '-all', '--bounding-set', '-all'],
      '',
    ],
  ])('says that it does not know where %s', async (_, how) => {
    const { stdout, exitCode } = await predict(...how);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/may die at fw stack/);
    expect(stdout).toContain('what its rules do is not known, because');
  });
});
