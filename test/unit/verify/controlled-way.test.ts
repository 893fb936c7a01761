import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../../src/hops/prediction.js';
import type { Hop } from '../../../src/hops/types.js';
import type { Endpoint, Leg } from '../../../src/probes/define.js';
import { judge } from '../../../src/verify/judge/judge.js';

/** Where a controller decides by which way a frame goes, a hop that missed it is no surprise. */

const hop = (label: string, kind = 'veth'): Hop => ({
  ...{ id: `s ${label}`, kind, stack: 's', where: { machine: 'local' } },
  ...{ device: label, label, settings: {} },
});

const open = (at: number, probability?: number): Prediction => ({
  ...{ outcome: 'random', at, probability, rest: { outcome: 'pass' } },
  ...{ reason: 'nobody can tell', remedy: 'look', source: 'source' },
});

type Seen = boolean | undefined;

/** What is surprising in a frame that arrived, on a way over one hop of a kind. */
function surprise(kind: string, prediction: Prediction, seen: readonly Seen[]) {
  const path = [hop('in'), hop('middle', kind), hop('out'), hop('end')];
  const end = {} as Endpoint;
  const frame = { src: '', dst: '', vlans: [], etherType: undefined };
  const leg: Leg = {
    ...{ name: 'frame', class: 'icmp', matches: () => false, frame, path, frames: [], prediction },
    ...{ from: path[0]!, to: path[3]! },
  };
  const check = {
    ...{ probe: 'p', from: 'a', to: 'b', expect: 'pass' as const, at: undefined },
    nowhere_else: false,
  } as const;
  const probe = { kind: 'p', check, from: end, to: end, courses: [[leg]], uses: [] };
  return judge(
    {
      ...{ probe, legs: [leg], hops: path, bystanders: [], overhearing: [] },
      patience: { ms: 0, intact: 1 },
    },
    {
      course: 0,
      seen: [seen],
      altered: [],
      elsewhere: [],
      witnessed: undefined,
      errors: [],
      ms: 1,
    },
  ).surprise;
}

describe('a frame that was seen further on', () => {
  const beyond: readonly Seen[] = [true, undefined, false, true];

  it('may have gone another way behind a switch under a controller', () => {
    expect(surprise('ovs-switch', open(1), beyond)).toBeNull();
  });

  it('has not where the switch has flows of the file, or is none of OpenFlow', () => {
    expect(surprise('ovs-switch', { outcome: 'pass' }, beyond)).toContain('out');
    expect(surprise('ovs-switch', open(1, 0.5), beyond)).toContain('out');
    expect(surprise('bridge', open(1), beyond)).toContain('out');
  });

  it('has not where it was missed before it came to the switch', () => {
    expect(surprise('ovs-switch', open(1), [false, undefined, true, true])).toContain('in');
  });
});
