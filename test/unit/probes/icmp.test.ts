import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solicitedNode } from '../../../src/frames/values.js';
import type { SeenFrame } from '../../../src/frames/decode.js';
import { MAC_A, MAC_B, prepareIn, probeIn, type SmallCheck } from './small-lab.js';

const BOTH = ['10.0.0.1/24, fd00::1/64', '10.0.0.2/24, fd00::1:2:3/64'] as const;
const FORTH: SmallCheck = { probe: 'icmp', from: 'a:eth1', to: 'b:eth1' };
const SIX: SmallCheck = { probe: 'icmp', from: 'a:eth1', to: 'b:eth1', family: 6 };
const legsIn = (...given: Parameters<typeof probeIn>) => probeIn(...given).courses[0] ?? [];
const names = (check: SmallCheck, a: string = BOTH[0], b: string = BOTH[1]): readonly string[] =>
  legsIn(a, b, check).map(({ name }) => name);

/** The identifier that ping is told to use. */
const idOf = (argv: readonly string[]): number => Number(argv[argv.indexOf('-e') + 1]);

describe('the ICMP probe', () => {
  it('goes by IPv4 where both have it, else by IPv6, or as it is told', () => {
    expect(names(FORTH)).toEqual(['ARP request', 'ARP reply', 'echo request', 'echo reply']);
    const six = ['neighbor solicitation', 'neighbor advertisement', 'echo request', 'echo reply'];
    expect(names(SIX)).toEqual(six);
    expect(names(FORTH, 'fd00::1/64', BOTH[1])).toEqual(six);
    expect(prepareIn('10.0.0.1/24', BOTH[1], SIX).problems).toMatchObject([
      { code: 'topology/no-common-subnet' },
    ]);
  });

  it('solicits by multicast and echoes by unicast', () => {
    const frames = legsIn(...BOTH, SIX).map(({ frame }) => [frame.src, frame.dst]);
    expect(frames).toEqual([
      [MAC_A, '33:33:ff:02:00:03'],
      [MAC_B, MAC_A],
      [MAC_A, MAC_B],
      [MAC_B, MAC_A],
    ]);
  });

  it('knows a solicitation by its group: the kernel asks neighbours that it knows by unicast', () => {
    const [leg] = legsIn(...BOTH, SIX);
    const asks = (src: string, dst: string, target = 'fd00::1:2:3') =>
      leg?.matches({
        src,
        dst,
        icmp6: { kind: 'neighbor-solicitation', target },
      } as unknown as SeenFrame);
    expect(asks(MAC_A, '33:33:ff:02:00:03')).toBe(true);
    expect(asks(MAC_A, MAC_B)).toBe(false);
    expect(asks(MAC_B, '33:33:ff:02:00:03')).toBe(false);
    expect(asks(MAC_A, '33:33:ff:02:00:03', 'fd00::9')).toBe(false);
  });

  it('knows its echoes by identifier and addresses', () => {
    const probe = probeIn(...BOTH, FORTH);
    const id = idOf(probe.send?.argv ?? []);
    const [request, reply] = legsIn(...BOTH, FORTH).slice(2);
    const echo = (kind: string, src: string, dst: string, identifier = id) =>
      ({ icmp: { kind, id: identifier }, ipv4: { src, dst, ttl: 64 } }) as unknown as SeenFrame;
    expect(request?.matches(echo('echo-request', '10.0.0.1', '10.0.0.2'))).toBe(true);
    expect(request?.matches(echo('echo-request', '10.0.0.1', '10.0.0.2', id + 1))).toBe(false);
    expect(request?.matches(echo('echo-request', '10.0.0.2', '10.0.0.1'))).toBe(false);
    expect(request?.matches(echo('echo-reply', '10.0.0.1', '10.0.0.2'))).toBe(false);
    expect(reply?.matches(echo('echo-reply', '10.0.0.2', '10.0.0.1'))).toBe(true);
  });

  it('takes another identifier for the other direction, always the same', () => {
    const id = (check: SmallCheck): number => idOf(probeIn(...BOTH, check).send?.argv ?? []);
    expect(id(FORTH)).toBe(id(FORTH));
    expect(id(FORTH)).not.toBe(id({ probe: 'icmp', from: 'b:eth1', to: 'a:eth1' }));
    expect(id(FORTH)).toBeGreaterThan(0);
    expect(id(FORTH)).toBeLessThanOrEqual(0xffff);
  });
});

describe('the solicited-node group', () => {
  it('has the last three bytes of the address, however it is written', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const hex = groups.map((one) => one.toString(16).padStart(4, '0')).join('');
        const low = hex.slice(-6).match(/../g) ?? [];
        const text = groups.map((one) => one.toString(16)).join(':');
        expect(solicitedNode(text).mac).toBe(['33', '33', 'ff', ...low].join(':'));
      }),
    );
    expect(solicitedNode('fd00::1').mac).toBe('33:33:ff:00:00:01');
    expect(solicitedNode('::').mac).toBe('33:33:ff:00:00:00');
    expect(solicitedNode('fe80::a:0').mac).toBe('33:33:ff:0a:00:00');
  });
});
