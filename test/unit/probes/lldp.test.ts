import { describe, expect, it } from 'vitest';
import { neighbours } from '../../../src/probes/kinds/lldp.js';
import type { SeenFrame } from '../../../src/frames/decode.js';
import { MAC_A, MAC_B, prepareIn, probeIn } from './small-lab.js';

const probe = probeIn('10.0.0.1/24', '10.0.0.2/24', {
  probe: 'lldp',
  from: 'a:eth1',
  to: 'b:eth1',
});

/** What `ladvdc -L -f eth1` of ladvd 1.1.2 printed, the text of the host left out. */
const answer = (...of: readonly { chassis: string; port: string }[]): string =>
  of
    .map(
      ({ chassis, port }) =>
        `Chassis id: ${chassis}\nPort id: ${port}\nTime remaining: 180 seconds\nSystem Name: vm\n` +
        `System Capabilities: R\nEnabled Capabilities: \nManagement Address Ethernet: ${chassis}\n`,
    )
    .join('\n');

const advertisement = (src: string, chassis: string, port: string) =>
  ({
    src,
    dst: '01:80:c2:00:00:0e',
    lldp: { chassisId: { value: chassis }, portId: { value: port } },
  }) as unknown as SeenFrame;

describe('the LLDP probe', () => {
  it('sends once by a ladvd that ends, and listens with one that is silent', () => {
    expect(probe.send?.argv.slice(-6)).toEqual(['ladvd', '-f', '-L', '-t', '-o', 'eth1']);
    const daemon = probe.witness?.daemon(['eth1', 'eth2']);
    expect(daemon).toEqual(['ladvd', '-f', '-L', '-t', '-r', '-s', 'eth1', 'eth2']);
  });

  it('knows its frame by sender, chassis and port; the chassis may be any MAC of the stack', () => {
    const [leg] = probe.courses[0] ?? [];
    const other = probe.from.stackMacs.find((mac) => mac !== MAC_A) ?? '';
    expect(other).not.toBe('');
    expect(leg?.matches(advertisement(MAC_A, MAC_A, 'eth1'))).toBe(true);
    expect(leg?.matches(advertisement(MAC_A, other, 'eth1'))).toBe(true);
    expect(leg?.matches(advertisement(MAC_A, MAC_A, 'eth2'))).toBe(false);
    expect(leg?.matches(advertisement(MAC_A, MAC_B, 'eth1'))).toBe(false);
    expect(leg?.matches(advertisement(MAC_B, MAC_A, 'eth1'))).toBe(false);
  });

  it('is confirmed by a neighbour table that has chassis and port of one neighbour', () => {
    const confirms = (text: string) => probe.witness?.confirms(text);
    expect(confirms(answer({ chassis: MAC_A, port: 'eth1' }))).toBe(true);
    expect(confirms(answer({ chassis: MAC_A.toUpperCase(), port: 'eth1' }))).toBe(true);
    expect(confirms('')).toBe(false);
    // Chassis of one and port of the other make no neighbour.
    const mixed = answer({ chassis: MAC_A, port: 'eth2' }, { chassis: MAC_B, port: 'eth1' });
    expect(neighbours(mixed)).toHaveLength(2);
    expect(confirms(mixed)).toBe(false);
  });

  it('wants one device at each end', () => {
    const { problems } = prepareIn('', '', { probe: 'lldp', from: 'a', to: 'b:eth1' });
    expect(problems).toMatchObject([
      { code: 'topology/which-device', path: ['verify', 0, 'from'] },
    ]);
    expect(problems[0]?.fix).toContain('`a:eth1`, `a:eth2`');
  });
});
