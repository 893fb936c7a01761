import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/apply/command.js';
import { withHosts } from '../../src/apply/session.js';
import { inNamespace } from '../../src/plan/tools/index.js';
import type { Check } from '../../src/topology/lab.js';
import { verifyLab } from '../../src/verify/verify.js';
import { down, upFile, type Planned } from '../bench/patchlab.js';
import { cableFaults } from './catalogue/cables.js';
import type { Change, Fault } from './catalogue/fault.js';

/** Every fault is found, and placed at the right hop; what is healthy is never called broken. */

/** `PROBE FROM > TO` as checks of a lab whose every port is eth1. */
const checkOf = (text: string): Check => {
  const [probe = '', from = '', , to = ''] = text.split(' ');
  return { probe, from: `${from}:eth1`, to: `${to}:eth1`, expect: 'pass', at: undefined };
};

describe.each([{ file: 'cables.yaml', faults: cableFaults }])('in $file', ({ file, faults }) => {
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
      return (await verifyLab(lab, planned.wiring, hosts, { attempts: 1 })).verdicts;
    });

  const deviceAt = (label: string): string => {
    const hop = [...planned.wiring.graph.hops.values()].find((one) => one.label === label);
    if (!hop) throw new Error(`no hop is called ${label}`);
    return hop.device;
  };

  /** In order, each to its end. */
  async function change(changes: readonly Change[]): Promise<void> {
    for (const [stack, ...argv] of changes) {
      const node = planned.lab.nodes.find(({ name }) => name === stack);
      const words = argv.map((word) =>
        word.replace(/\{([\w :]+:eth1[^}]*|link[^}]*)\}/g, (_, label: string) => deviceAt(label)),
      );
      await runCommand(inNamespace(words, node?.stacks[0]?.where.netns, 'nsenter'));
    }
  }

  it.each(faults)('$name', async (fault: Fault) => {
    await change(fault.break);
    try {
      const [verdict, other] = await prove([fault.check, ...(fault.passes ? [fault.passes] : [])]);
      const { outcome, message, blame } = verdict ?? {};
      expect([outcome, blame?.at], `${message} ${blame?.reason}`).toEqual(['fail', fault.at]);
      expect(blame?.reason).toMatch(fault.reason);
      expect(blame?.remedy).toBeTruthy();
      expect(verdict?.surprise).toContain('The lab is not as its file says');
      if (fault.passes !== undefined) expect(other).toMatchObject({ outcome: 'pass' });
    } finally {
      if (fault.mend) await change(fault.mend);
      else {
        await down(planned.lab.name);
        await build();
      }
    }
  });

  it('is whole again in the end, as `verify` says', async () => {
    const { verdicts } = await withHosts(planned.plan, (hosts) =>
      verifyLab(planned.lab, planned.wiring, hosts),
    );
    expect(verdicts.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  });
});
