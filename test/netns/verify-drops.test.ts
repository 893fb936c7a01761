import { afterEach, describe, expect, it } from 'vitest';
import type { HopSettings } from '../../src/hops/types.js';
import type { Leg } from '../../src/probes/define.js';
import { bridgeWith } from '../support/model.js';
import {
  address,
  ADDRESSES,
  cable,
  expectNothingLeft,
  handMade,
  prove,
  type Checks,
  type HandMade,
  type HandMadeLab,
} from './verify-lab.js';

/** Devices that really drop frames: verify must find the place, and the model must have said so. */

let made: HandMade | undefined;

afterEach(async () => {
  if (!made) return;
  try {
    await expectNothingLeft(made);
  } finally {
    await made.remove();
    made = undefined;
  }
});

describe('a bridge between two namespaces', () => {
  async function bridged(checks: Checks, mask = 0): Promise<HandMadeLab> {
    made = await handMade('a', 'sw', 'b');
    await cable(made, 'a', 'eth1', 'sw', 'p1');
    await cable(made, 'b', 'eth1', 'sw', 'p2');
    await made.ip('sw', 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
    for (const port of ['p1', 'p2']) {
      await made.ip('sw', 'link', 'set', port, 'master', 'br0', 'up');
      const slave = ['type', 'bridge_slave', 'group_fwd_mask', String(mask)];
      await made.ip('sw', 'link', 'set', port, ...slave);
    }
    await address(made, 'sw', 'br0');
    await address(made, 'a', 'eth1', ...ADDRESSES['a eth1']);
    await address(made, 'b', 'eth1', ...ADDRESSES['b eth1']);
    const masks = bridgeWith({}, { 'sw p1': { mask }, 'sw p2': { mask } });
    const devices = [
      { stack: 'a', device: 'eth1', kind: 'veth' },
      { stack: 'sw', device: 'p1', kind: 'veth' },
      { stack: 'sw', device: 'br0', kind: 'bridge', settings: masks },
      { stack: 'sw', device: 'p2', kind: 'veth' },
      { stack: 'b', device: 'eth1', kind: 'veth' },
    ];
    const path = ['a eth1', 'sw p1', 'sw br0', 'sw p2', 'b eth1'];
    return made.prepare(devices, [path], ADDRESSES, checks);
  }
  const lldp = { probe: 'lldp', from: 'a:eth1', to: 'b:eth1' };

  it('eats LLDP and hands on ARP and ICMP', async () => {
    const arp = { probe: 'arp', from: 'a:eth1', to: 'b:eth1' };
    const icmp = { probe: 'icmp', from: 'b:eth1', to: 'a:eth1' };
    const { verdicts } = await prove(await bridged([lldp, arp, icmp]), { attempts: 1 });
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual([
      ['fail', null],
      ['pass', null],
      ['pass', null],
    ]);
    expect(verdicts[0]).toMatchObject({
      predicted: { outcome: 'blocked', at: 'sw:br0' },
      blame: {
        lastSeen: 'sw:p1',
        firstMissed: 'sw:p2',
        at: 'sw:br0',
        reason: expect.stringContaining('01:80:c2:00:00:0e') as string,
        remedy: expect.stringContaining('group_fwd_mask') as string,
      },
    });
    // Nobody can look into the bridge itself.
    expect(verdicts[0]?.hops.map(({ seen }) => seen)).toEqual([true, true, null, false, false]);
  });

  it('is where LLDP must be blocked, and nowhere else', async () => {
    const blocked = { ...lldp, expect: 'blocked' } as const;
    const places = ['sw:br0', 'sw:p2', 'sw:p1', 'a:eth1'];
    const checks = [blocked, ...places.map((at) => ({ ...blocked, at }))];
    const { verdicts } = await prove(await bridged(checks), { attempts: 1 });
    expect(verdicts.map(({ at, outcome }) => [at, outcome])).toEqual([
      [null, 'pass'],
      ['sw:br0', 'pass'],
      ['sw:p2', 'pass'],
      ['sw:p1', 'fail'],
      ['a:eth1', 'fail'],
    ]);
  });

  it('hands LLDP on when the mask of its ports lets it, which is a failure where it must not', async () => {
    const checks = [lldp, { ...lldp, expect: 'blocked' as const }];
    const { verdicts } = await prove(await bridged(checks, 0x4000));
    expect(verdicts.map(({ outcome, message }) => [outcome, message])).toEqual([
      ['pass', 'It arrived.'],
      ['fail', 'It arrived, but must be blocked.'],
    ]);
  });

  it('that lets through what the model says it drops, or the reverse, is a loud surprise', async () => {
    const lab = await bridged([lldp], 0x4000);
    const { verdicts } = await prove(withMask(lab, 0));
    expect(verdicts[0]).toMatchObject({ outcome: 'pass', predicted: { outcome: 'blocked' } });
    expect(verdicts[0]?.surprise).toContain('the model or the kernel is wrong');
    const port = ['link', 'set', 'p1', 'type', 'bridge_slave', 'group_fwd_mask', '0'];
    await made?.ip('sw', ...port);
    const reverse = await prove(lab, { attempts: 1 });
    expect(reverse.verdicts[0]).toMatchObject({ outcome: 'fail', blame: { reason: null } });
    expect(reverse.verdicts[0]?.surprise).toContain('knows of nothing');
  });

  /** The same checks, with a model that believes in another mask. */
  function withMask({ lab, checks }: HandMadeLab, mask: number): HandMadeLab {
    const prediction = { outcome: 'drop', at: 2, reason: `mask ${mask}`, remedy: '', source: '' };
    const drop = prediction as { outcome: 'drop' } & typeof prediction;
    const believing = (leg: Leg): Leg => ({ ...leg, prediction: drop });
    return {
      lab,
      checks: checks.map((check) => ({
        ...check,
        probe: {
          ...check.probe,
          courses: check.probe.courses.map((legs) => legs.map(believing)),
        },
      })),
    };
  }
});

describe('a macvlan in mode vepa', () => {
  /** c - bridge - macvlan on one end of a cable - a. The macvlan is what a guest with a bridge has before it. */
  async function relayed(checks: Checks): Promise<HandMadeLab> {
    made = await handMade('a', 'm', 'c');
    await cable(made, 'a', 'eth1', 'm', 'lower');
    await cable(made, 'c', 'eth1', 'm', 'cup');
    await address(made, 'm', 'lower');
    const type = ['type', 'macvlan', 'mode', 'vepa'];
    await made.ip('m', 'link', 'add', 'mv0', 'link', 'lower', ...type);
    await made.ip('m', 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
    for (const port of ['mv0', 'cup'])
      await made.ip('m', 'link', 'set', port, 'master', 'br0', 'up');
    await address(made, 'm', 'br0');
    const addresses = { 'a eth1': ADDRESSES['a eth1'], 'c eth1': ADDRESSES['b eth1'] };
    await address(made, 'a', 'eth1', ...addresses['a eth1']);
    await address(made, 'c', 'eth1', ...addresses['c eth1']);
    // As a member of a bridge the macvlan is promiscuous: multicast passes, unicast to others does not.
    const settings = { mode: 'vepa', promisc: true };
    const devices = [
      { stack: 'a', device: 'eth1', kind: 'veth' },
      { stack: 'm', device: 'lower', kind: 'veth' },
      { stack: 'm', device: 'mv0', kind: 'macvtap', settings },
      { stack: 'm', device: 'br0', kind: 'bridge', settings: bridgeWith() },
      { stack: 'm', device: 'cup', kind: 'veth' },
      { stack: 'c', device: 'eth1', kind: 'veth' },
    ];
    const path = ['a eth1', 'm lower', 'm mv0', 'm br0', 'm cup', 'c eth1'];
    return made.prepare(devices, [path], addresses, checks);
  }

  it('drops the ARP reply to a namespace behind it, and the request passes', async () => {
    const check = { probe: 'arp', from: 'c:eth1', to: 'a:eth1' };
    const blocked = { ...check, expect: 'blocked', at: 'm:mv0' } as const;
    const { verdicts } = await prove(await relayed([check, blocked]), { attempts: 1 });
    expect(verdicts[0]).toMatchObject({
      outcome: 'fail',
      leg: 'ARP reply',
      blame: { lastSeen: 'm:lower', firstMissed: 'm:mv0', at: 'm:mv0' },
      surprise: null,
    });
    expect(verdicts[0]?.blame?.reason).toContain('own MAC');
    expect(verdicts[1]).toMatchObject({ outcome: 'pass', surprise: null });
  });

  it('lets the broadcast of the other side through and drops the echo request to the namespace', async () => {
    const check = { probe: 'icmp', from: 'a:eth1', to: 'c:eth1', family: 4 } as const;
    const { verdicts } = await prove(await relayed([check]), { attempts: 1 });
    expect(verdicts[0]).toMatchObject({
      outcome: 'fail',
      leg: 'echo request',
      blame: { lastSeen: 'm:lower', firstMissed: 'm:mv0' },
      surprise: null,
    });
  });
});

describe('a macvlan that nobody listens on', () => {
  async function alone(): Promise<HandMadeLab> {
    made = await handMade('a', 'm');
    await cable(made, 'a', 'eth1', 'm', 'lower');
    await address(made, 'm', 'lower');
    const type = ['type', 'macvlan', 'mode', 'vepa'];
    await made.ip('m', 'link', 'add', 'mv0', 'link', 'lower', ...type);
    await address(made, 'm', 'mv0', '10.0.0.2/24');
    await address(made, 'a', 'eth1', '10.0.0.1/24');
    const devices = [
      { stack: 'a', device: 'eth1', kind: 'veth' },
      { stack: 'm', device: 'lower', kind: 'veth' },
      { stack: 'm', device: 'mv0', kind: 'macvtap', settings: { mode: 'vepa' } as HopSettings },
    ];
    const addresses = { 'a eth1': ['10.0.0.1/24'], 'm mv0': ['10.0.0.2/24'] };
    const check = { probe: 'lldp', from: 'a:eth1', to: 'm:mv0' };
    const arp = { probe: 'arp', from: 'a:eth1', to: 'm:mv0' };
    return made.prepare(devices, [['a eth1', 'm lower', 'm mv0']], addresses, [check, arp]);
  }

  /** Without the ladvd at the receiver: it would subscribe to the group, and the device would let LLDP in. */
  const unheard = ({ lab, checks }: HandMadeLab): HandMadeLab => ({
    lab,
    checks: checks.map((check) => {
      const { witness, ...probe } = check.probe;
      return witness ? { ...check, probe } : check;
    }),
  });

  // The filter is a hash salted per device, and lets a group through by luck: a device in a hundred does.
  it('drops multicast and takes unicast for its own MAC', { retry: 2 }, async () => {
    const { verdicts } = await prove(unheard(await alone()), { attempts: 1 });
    expect(verdicts[0]).toMatchObject({
      outcome: 'fail',
      blame: { lastSeen: 'm:lower', firstMissed: 'm:mv0', at: 'm:mv0' },
      surprise: null,
    });
    expect(verdicts[0]?.blame?.remedy).toContain('allmulticast');
    expect(verdicts[1]).toMatchObject({ outcome: 'pass', surprise: null });
  });

  it('lets LLDP in as soon as an agent in its own stack subscribes to the group', async () => {
    const { verdicts } = await prove(await alone());
    expect(verdicts[0]).toMatchObject({ outcome: 'pass' });
  });
});
