import { describe, expect, it } from 'vitest';
import { certainDrop } from '../../../src/hops/predict.js';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { drift } from '../../../src/verify/judge/causes/drift.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** Packets that are longer than a device on their way takes, and what else a stack alone decides. */

const router = { 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1 };

interface Asked {
  readonly family?: 4 | 6;
  readonly size?: number;
  readonly dont_fragment?: boolean;
}

/** A ping from `a` to `b`, whose router has a smaller MTU towards `b`, and `a` perhaps too. */
function ping(asked: Asked, mtu = 1500, routes = [{ to: 'default', via: '10.0.2.9' }]) {
  const lab = labOf({
    name: 'sizes',
    nodes: {
      a: {
        ...{ kind: 'netns', ports: { eth1: { mtu } } },
        addresses: { eth1: ['10.0.1.1/24', 'fd00:1::1/64'] },
        routes: [
          { to: 'default', via: '10.0.1.9' },
          { to: 'default', via: 'fd00:1::9' },
        ],
      },
      r: {
        ...{ kind: 'netns', sysctls: router, ports: { eth1: { mtu }, eth2: { mtu: 1400 } } },
        addresses: {
          eth1: ['10.0.1.9/24', 'fd00:1::9/64'],
          eth2: ['10.0.2.9/24', 'fd00:2::9/64'],
        },
      },
      b: {
        ...{ kind: 'netns', ports: { eth1: { mtu: 1400 } } },
        addresses: { eth1: ['10.0.2.1/24', 'fd00:2::1/64'] },
        routes: [...routes, { to: 'default', via: 'fd00:2::9' }],
      },
    },
    links: [
      { kind: 'veth', ends: ['a:eth1', 'r:eth1'] },
      { kind: 'veth', ends: ['r:eth2', 'b:eth1'] },
    ],
    verify: [{ probe: 'icmp', from: 'a', to: 'b', ...asked }],
  });
  const { model } = wire(lab, FACTS);
  const [check] = prepareChecks(lab, model).checks;
  if (!check) throw new Error('the ping cannot be made ready');
  const lost = check.legs.find(({ prediction }) => certainDrop(prediction));
  const drop = lost && certainDrop(lost.prediction);
  const { argv = [] } = check.probe.send ?? {};
  return {
    ...{ check, model },
    lost: lost && [lost.name, lost.path[drop?.at ?? -1]?.label],
    cutting: argv.includes('-M') ? argv[argv.indexOf('-M') + 1] : undefined,
  };
}

describe('a packet beyond the MTU of a router', () => {
  it('is cut where that is allowed, and its answer comes back whole', () => {
    expect(ping({ size: 1500 })).toMatchObject({ lost: undefined, cutting: 'dont' });
  });

  it('dies at that router where it may not be cut, always in IPv6', () => {
    const lost = ['echo request after r', 'r stack'];
    expect(ping({ size: 1401, dont_fragment: true })).toMatchObject({ lost, cutting: 'do' });
    expect(ping({ size: 1401, family: 6 })).toMatchObject({ lost, cutting: 'do' });
    expect(ping({ size: 1400, dont_fragment: true }).lost).toBeUndefined();
  });

  it('is asked for anew each time, whatever routers have said before', () => {
    expect(ping({ size: 1401 }).check.probe.send?.forgets?.sizes).toBe(true);
    expect(ping({}).cutting).toBeUndefined();
  });
});

describe('a packet beyond the MTU of its own device', () => {
  it('is cut by its sender, in IPv6 too', () => {
    expect(ping({ size: 1500 }, 1300).lost).toBeUndefined();
    // So is the answer, but for the MTU of its own sender, and then no router may cut it again.
    expect(ping({ size: 1500, family: 6 }, 1300)).toMatchObject({
      ...{ lost: ['echo reply after r', 'r stack'], cutting: 'dont' },
    });
  });

  it('is refused where it may not be cut, before anybody is asked for a MAC', () => {
    const { check, lost } = ping({ size: 1301, dont_fragment: true }, 1300);
    expect(lost).toEqual(['echo request', 'a stack']);
    expect(check.legs).toHaveLength(1);
  });
});

describe('a ping over a router', () => {
  it('asks everybody on its way anew', () => {
    const before = ping({}).check.probe.before ?? [];
    const devices = before.map(({ stack, neighbours }) => [
      stack.id,
      ...neighbours.map(({ device }) => device),
    ]);
    expect(devices).toEqual([
      ['a', 'eth1'],
      ['r', 'eth1', 'eth2'],
      ['b', 'eth1'],
    ]);
  });

  it('has its answer called what it is where the other end cannot send it', () => {
    expect(ping({}, 1500, []).lost).toEqual(['echo reply', 'b stack']);
  });

  it('is not blamed on a setting of its stack, which is no device', () => {
    const { check, model } = ping({});
    const leg = check.legs.find(({ name }) => name === 'echo request after r');
    if (!leg) throw new Error('the router hands nothing on');
    const nothing = () => undefined;
    const lost = { leg, legs: check.legs, path: leg.path, lastSeen: -1, firstMissed: 1 };
    const scene = { ...lost, model, gone: new Map() };
    expect(
      drift.find({
        ...scene,
        addressesOf: () => [],
        stackOf: nothing,
      }),
    ).toBeUndefined();
  });
});
