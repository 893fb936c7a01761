import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandFailed } from '../../src/apply/command.js';
import { withHosts } from '../../src/apply/session.js';
import type { Hop } from '../../src/hops/types.js';
import { LOCAL } from '../../src/plan/step.js';
import type { Check } from '../../src/topology/lab.js';
import { verifyLab } from '../../src/verify/verify.js';
import { down, upFile, type Planned } from '../bench/patchlab.js';
import { cableFaults } from './catalogue/cables.js';
import { cableDecoys, guestDecoys } from './catalogue/decoys.js';
import type { Change, Fault, Found, Loss, Unexplained, Unknown } from './catalogue/fault.js';
import { guestFaults } from './catalogue/guests.js';

/** Every fault is found, and placed at the right hop; what is healthy is never called broken. */

/** `PROBE FROM > TO` or `frame CLASS FROM > TO` as a check; a port that is not named is eth1. */
const checkOf = (text: string): Check => {
  const [what = '', to = ''] = text.split(' > ');
  const words = what.split(' ');
  const port = (end = ''): string => (end.includes(':') ? end : `${end}:eth1`);
  const own = words.length > 2 ? { class: words[1] } : {};
  const ends = { from: port(words.at(-1)), to: port(to) };
  return {
    probe: words[0] ?? '',
    ...own,
    ...ends,
    expect: 'pass',
    at: undefined,
    nowhere_else: false,
  };
};

describe.each([
  { file: 'cables.yaml', faults: cableFaults, decoys: cableDecoys },
  { file: 'guests.yaml', faults: guestFaults, decoys: guestDecoys },
])('in $file', ({ file, faults, decoys }) => {
  let planned: Planned;
  const build = async (): Promise<void> => {
    const path = join(import.meta.dirname, 'catalogue', file);
    planned = await upFile(path, new AbortController().signal);
  };
  beforeAll(build);
  afterAll(() => down(planned.lab.name));

  const prove = (checks: readonly string[]) =>
    withHosts(planned.plan, async (hosts) => {
      const lab = { ...planned.lab, checks: checks.map(checkOf) };
      return verifyLab(lab, planned.wiring, hosts, { attempts: 1 });
    });

  const hopAt = (label: string): Hop => {
    const hop = [...planned.wiring.graph.hops.values()].find((one) => one.label === label);
    if (!hop) throw new Error(`no hop is called ${label}`);
    return hop;
  };

  /** What a placeholder of a change stands for. */
  function standsFor(text: string): string {
    const [what = '', name = ''] = text.split(' ');
    if (what === 'mac') return hopAt(name).settings.mac ?? '';
    if (what === 'domain')
      return planned.plan.domains.find(({ node }) => node === name)?.name ?? '';
    return hopAt(text).device;
  }

  /** In order, each to its end. */
  const change = (changes: readonly Change[]): Promise<void> =>
    withHosts(planned.plan, async (hosts) => {
      for (const [stack, ...argv] of changes) {
        const node = planned.lab.nodes.find(({ name }) => name === stack);
        const where = node?.stacks[0]?.where ?? LOCAL;
        const words = argv.map((word) =>
          word.replace(/\{(\w[\w :]*)\}/g, (_, text: string) => standsFor(text)),
        );
        const result = await hosts.at(where).run({ argv: words, netns: where.netns });
        if (result.exitCode !== 0) throw commandFailed(result);
      }
    });

  const expectUnexplained = async ({ check, at }: Unexplained): Promise<void> => {
    const [verdict] = (await prove([check])).verdicts;
    const { outcome, message, blame } = verdict ?? {};
    expect([outcome, blame?.at, blame?.reason], message).toEqual(['fail', at, null]);
  };

  const expectLoss = async (fault: Loss): Promise<void> => {
    const passes = fault.passes === undefined ? [] : [fault.passes];
    const [verdict, other] = (await prove([fault.check, ...passes])).verdicts;
    const { outcome, message, blame } = verdict ?? {};
    if (fault.lucky === true && outcome === 'pass') return;
    expect([outcome, blame?.at], `${message} ${blame?.reason}`).toEqual(['fail', fault.at]);
    expect(blame?.reason).toMatch(fault.reason);
    expect(blame?.remedy).toBeTruthy();
    expect(verdict?.surprise).toContain('The lab is not as its file says');
    if (fault.passes !== undefined) expect(other).toMatchObject({ outcome: 'pass' });
  };

  const expectFound = async (fault: Found): Promise<void> => {
    const { findings } = await prove(fault.checks);
    const found = findings.filter(({ kind }) => kind === fault.finding);
    const where = found.map((one) => [...one.where].sort().join(' '));
    expect(where.sort(), JSON.stringify(findings)).toEqual(fault.where);
    for (const { severity, fix } of found) expect([severity, fix !== '']).toEqual(['error', true]);
  };

  const expectUnknown = async (fault: Unknown): Promise<void> => {
    const { checks, passes, message } = fault;
    const { verdicts } = await prove([...checks, ...(passes === undefined ? [] : [passes])]);
    for (const verdict of verdicts.slice(0, checks.length)) {
      expect(verdict).toMatchObject({ outcome: 'error', blame: null, surprise: null });
      expect(verdict.message).toMatch(message);
    }
    for (const verdict of verdicts.slice(checks.length)) expect(verdict.outcome).toBe('pass');
  };

  /** Put a fault in, look, and take it back. */
  const suffer = async (fault: Fault, rebuilt: () => Promise<void>): Promise<void> => {
    await change(fault.break);
    try {
      if (!('at' in fault)) await ('finding' in fault ? expectFound(fault) : expectUnknown(fault));
      else if (fault.reason === null) await expectUnexplained(fault);
      else await expectLoss(fault);
    } finally {
      if (fault.mend) await change(fault.mend);
      else {
        await down(planned.lab.name);
        await build();
        await rebuilt();
      }
    }
  };

  it.each(faults.filter((fault) => !('at' in fault)))('$name', (fault: Fault) =>
    suffer(fault, () => Promise.resolve()),
  );

  describe('beside filters, settings and links that have nothing to do with it', () => {
    const put = (): Promise<void> => change(decoys.put);
    beforeAll(put);
    afterAll(() => change(decoys.take));
    it.each(faults.filter((fault) => 'at' in fault))('$name', (fault: Fault) => suffer(fault, put));
  });

  it('is whole again in the end, as `verify` says', async () => {
    const { verdicts } = await withHosts(planned.plan, (hosts) =>
      verifyLab(planned.lab, planned.wiring, hosts),
    );
    expect(verdicts.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  });
});
