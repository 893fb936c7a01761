import { describe, expect, it } from 'vitest';
import type { SeenFrame } from '../../../src/frames/decode.js';
import { MAC_A, MAC_B, prepareIn, probeIn, type SmallCheck } from './small-lab.js';

const CHECK: SmallCheck = { probe: 'arp', from: 'a', to: 'b:eth1' };
const probe = probeIn('fd00::1/64, 192.0.2.1/24, 10.0.0.1/24', '10.0.0.2/24', CHECK);
const BROADCAST = 'ff:ff:ff:ff:ff:ff';

const arp = (op: string, senderIp: string, targetIp: string, dst: string) =>
  ({ dst, arp: { op, senderIp, targetIp } }) as unknown as SeenFrame;

describe('the ARP probe', () => {
  it('asks from the address that shares a subnet with the other end, once', () => {
    expect(probe.send?.argv).toEqual(
      ['arping', '-q', '-f', '-c', '1', '-w', '1', '-s', '10.0.0.1'].concat(
        '-I',
        'eth1',
        '10.0.0.2',
      ),
    );
    expect(probe.from.device).toBe('eth1');
  });

  it('has a broadcast request and a unicast reply, each known by both addresses', () => {
    const [legs = []] = probe.courses;
    const [request, reply] = legs;
    expect(legs.map(({ from, to, frame }) => [from.id, to.id, frame.src, frame.dst])).toEqual([
      ['a eth1', 'b eth1', MAC_A, BROADCAST],
      ['b eth1', 'a eth1', MAC_B, MAC_A],
    ]);
    expect(request?.matches(arp('request', '10.0.0.1', '10.0.0.2', BROADCAST))).toBe(true);
    expect(request?.matches(arp('request', '10.0.0.1', '10.0.0.3', BROADCAST))).toBe(false);
    expect(request?.matches(arp('request', '10.0.0.2', '10.0.0.1', BROADCAST))).toBe(false);
    // The kernel asks a neighbour that it knows by unicast, which another kind of device may carry.
    expect(request?.matches(arp('request', '10.0.0.1', '10.0.0.2', MAC_B))).toBe(false);
    expect(reply?.matches(arp('reply', '10.0.0.2', '10.0.0.1', MAC_A))).toBe(true);
    expect(reply?.matches(arp('reply', '10.0.0.2', '10.0.0.1', MAC_B))).toBe(false);
    expect(reply?.matches(arp('request', '10.0.0.2', '10.0.0.1', MAC_A))).toBe(false);
    expect(reply?.matches({} as SeenFrame)).toBe(false);
  });

  it('cannot run without IPv4 addresses of one subnet', () => {
    for (const [a, b] of [
      ['10.0.0.1/24', '10.0.1.2/24'],
      ['fd00::1/64', 'fd00::2/64'],
      ['', '10.0.0.2/24'],
    ])
      expect(prepareIn(a ?? '', b ?? '', CHECK).problems).toMatchObject([
        { code: 'topology/no-common-subnet', path: ['verify', 0, 'to'] },
      ]);
  });
});
