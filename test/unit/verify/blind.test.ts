import { describe, expect, it } from 'vitest';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks, type PreparedCheck } from '../../../src/probes/prepare.js';
import { blindCaptures } from '../../../src/verify/capture/blind.js';
import type { FrameStore } from '../../../src/verify/capture/frame-store.js';
import { FACTS, labOf } from '../../support/lab-of.js';
import { hostNameOf } from '../../../src/where.js';

/** Captures of one machine that see nothing, though frames passed them. */

const lab = labOf({
  name: 'blind',
  nodes: { a: { kind: 'vm' }, b: { kind: 'vm' } },
  links: [{ kind: 'macvtap', mode: 'passthru', ends: ['a:eth1', 'b:eth1'] }],
  verify: [{ probe: 'lldp', from: 'a:eth1', to: 'b:eth1' }],
});
const { checks } = prepareChecks(lab, wire(lab, FACTS).model);
const [check] = checks;
const path = check?.legs[0]?.path ?? [];
const onHost = path.filter(({ where }) => hostNameOf(where) === 'local').map(({ label }) => label);

/** The frame is seen at some hops, and at others something else. */
const sights = (frame: readonly string[], other: readonly string[] = []) => {
  const at = (labels: readonly string[], hop: string): boolean =>
    path.some(({ id, label }) => id === hop && labels.includes(label));
  const frames: FrameStore = {
    update: () => Promise.resolve(new Map()),
    mark: () => undefined,
    since: (hop) => (at(frame, hop) ? [{ vlans: [] } as never] : []),
    decoded: () => [],
    all: (hop) => (at([...frame, ...other], hop) ? [{ vlans: [] } as never] : []),
  };
  return { frames, failures: new Map<string, string>(), gone: new Map<string, string>() };
};
const every = checks.map((one): PreparedCheck => ({
  ...one,
  probe: {
    ...one.probe,
    courses: one.probe.courses.map((legs) => legs.map((leg) => ({ ...leg, matches: () => true }))),
  },
}));
const blind = (...args: Parameters<typeof sights>): number =>
  blindCaptures(every, sights(...args)).size;

describe('captures of one machine', () => {
  it('are blind where all of them missed what another machine saw further on', () => {
    expect(onHost.length).toBeGreaterThan(1);
    const found = blindCaptures(every, sights(['a:eth1', 'b:eth1']));
    expect(found.size).toBe(onHost.length);
    expect([...found.values()][0]).toContain('no capture on local saw anything');
  });

  it('are not where one of them saw the frame, or anything', () => {
    expect(blind(['a:eth1', onHost[0] ?? '', 'b:eth1'])).toBe(0);
    expect(blind(['a:eth1', 'b:eth1'], [onHost[0] ?? ''])).toBe(0);
  });

  it('are not where the frame was lost, before them or among them', () => {
    expect(blind(['a:eth1'])).toBe(0);
    expect(blind([])).toBe(0);
  });
});
