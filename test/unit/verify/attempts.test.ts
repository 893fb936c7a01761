import { describe, expect, it } from 'vitest';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks, type PreparedCheck } from '../../../src/probes/prepare.js';
import { isUnseen } from '../../../src/verify/run/attempts.js';
import type { WaveContext } from '../../../src/verify/run/wave.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** Frames that no capture saw, not even the one on the device that sends. */

const lab = labOf({
  name: 'unseen',
  nodes: {
    a: { kind: 'netns', addresses: { eth1: '10.0.0.1/24' } },
    b: { kind: 'netns', addresses: { eth1: '10.0.0.2/24' } },
  },
  links: [{ kind: 'veth', ends: ['a:eth1', 'b:eth1'] }],
  verify: (['lldp', 'arp', 'icmp'] as const).map((probe) => ({
    ...{ probe, from: 'a:eth1', to: 'b:eth1' },
  })),
});
const { checks } = prepareChecks(lab, wire(lab, FACTS).model);
const context = { gone: new Map() } as unknown as WaveContext;
const picture = ({ legs }: PreparedCheck, isSeen: boolean) =>
  legs.map(({ path }) => path.map((_, at) => isSeen && at === 0));

describe('a frame that no capture saw', () => {
  it('was perhaps never sent where a program sends it, and is lost where the stack was to send it', () => {
    const unseen = checks.filter((check) => isUnseen(check, picture(check, false), context));
    expect(unseen.map(({ probe }) => probe.kind)).toEqual(['lldp', 'arp']);
  });

  it('is none that was seen where it was sent', () => {
    expect(checks.filter((check) => isUnseen(check, picture(check, true), context))).toEqual([]);
  });
});
