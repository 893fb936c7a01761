import { describe, expect, it } from 'vitest';
import type { TunnelEnd } from '../../src/hops/tunnel.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, cliJson, status } from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** GRE, Geneve, GRE over IPv6 and what carries no Ethernet between two stacks of one guest: its kernel has them. */

const LAB = `name: htu
nodes:
  g:
    kind: vm
    namespaces: [a, b]
    devices:
      - { kind: veth, name: a:eth1, peer: b:eth1 }
      - { kind: gretap, name: a:plain, remote: 10.0.0.2 }
      - { kind: gretap, name: b:plain, remote: 10.0.0.1 }
      - { kind: gretap, name: a:key7, remote: 10.0.0.2, key: 7 }
      - { kind: gretap, name: b:key7, remote: 10.0.0.1, key: 7 }
      - { kind: gretap, name: a:key8, remote: 10.0.0.2, key: 8 }
      - { kind: gretap, name: b:key9, remote: 10.0.0.1, key: 9 }
      - { kind: geneve, name: a:gnv, vni: 7, remote: 10.0.0.2 }
      - { kind: geneve, name: b:gnv, vni: 7, remote: 10.0.0.1 }
      - { kind: geneve, name: a:far, vni: 8, remote: 10.0.0.2 }
      - { kind: geneve, name: b:far, vni: 8, remote: 10.0.0.3 }
      - { kind: ipip, name: a:ipip1, remote: 10.0.0.2 }
      - { kind: ipip, name: b:ipip1, remote: 10.0.0.1 }
      - { kind: sit, name: a:sit1, remote: 10.0.0.2 }
      - { kind: sit, name: b:sit1, remote: 10.0.0.1 }
      - { kind: gre, name: a:gre1, remote: 10.0.0.2, key: 7 }
      - { kind: gre, name: b:gre1, remote: 10.0.0.1, key: 7 }
      - { kind: ip6gretap, name: a:six, local: 'fd00::1', remote: 'fd00::2', key: 7 }
      - { kind: ip6gretap, name: b:six, local: 'fd00::2', remote: 'fd00::1', key: 7 }
    addresses:
      a:eth1: [10.0.0.1/24, fd00::1/64]
      b:eth1: [10.0.0.2/24, fd00::2/64]
links: []
`;

const PAIRS = [
  ['g/a:plain', 'g/b:plain'],
  ['g/a:key7', 'g/b:key7'],
  ['g/a:key8', 'g/b:key9'],
  ['g/a:gnv', 'g/b:gnv'],
  ['g/a:far', 'g/b:far'],
  ['g/a:six', 'g/b:six'],
  ['g/a:ipip1', 'g/b:ipip1'],
  ['g/a:sit1', 'g/b:sit1'],
  ['g/a:gre1', 'g/b:gre1'],
] as const;

const lab = matrixLab(LAB, { pairs: PAIRS });

describe('a tunnel without Ethernet', () => {
  it('is read back as it was made, and what somebody makes of it is told and mended', async () => {
    expect((await status('htu')).drift).toEqual([]);
    const change =
      'ip link change ipip1 type ipip remote 10.0.0.9; ip link change gre1 type gre remote 10.0.0.2 key 9';
    expect((await cli(['exec', 'g/a', '--', 'sh', '-c', change])).exitCode).toBe(0);
    const { drift } = await status('htu');
    expect(drift.slice(0, 2).map(({ id, how }) => [id, how])).toEqual([
      ['ipip g/a ipip1', 'replace'],
      ['gre g/a gre1', 'replace'],
    ]);
    expect((await cliJson('up', lab.file)).result.changes).toEqual(drift);
    expect((await status('htu')).drift).toEqual([]);
  });
});

describe('the model of tunnels to one other end', () => {
  it('is what the kernel does with every class, tunnel and direction', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it.each([
    ['GRE without a key', 'plain'],
    ['GRE with a key', 'key7'],
    ['Geneve', 'gnv'],
    ['GRE over IPv6', 'six'],
  ])('carries every class both ways by %s', (_, name) => {
    expect(lostIn(lab.cells, `g/a:${name}`, `g/b:${name}`)).toEqual([]);
    expect(lostIn(lab.cells, `g/b:${name}`, `g/a:${name}`)).toEqual([]);
  });

  it.each([
    [
      'IPv4 by ipip',
      'ipip1',
      ['icmp', 'igmp report v2', 'igmp report v3', 'mdns', 'unjoined group'],
    ],
    ['IPv6 by sit', 'sit1', ['icmp6', 'nd-solicitation', 'nd-advertisement']],
    // What is written to the device itself is of no type there: pings go (see topologies/devices/packet-tunnels.yaml).
    ['none by gre', 'gre1', []],
  ])('carries packets alone where there is no Ethernet: %s', (_, name, carried) => {
    for (const [from, to] of [
      [`g/a:${name}`, `g/b:${name}`],
      [`g/b:${name}`, `g/a:${name}`],
    ] as const)
      expect(arrivedIn(lab.cells, from, to).toSorted()).toEqual(carried.toSorted());
  });

  it('carries nothing to another key, nor to an end that hears somebody else', () => {
    expect(arrivedIn(lab.cells, 'g/a:key8', 'g/b:key9')).toEqual([]);
    expect(arrivedIn(lab.cells, 'g/a:far', 'g/b:far')).toEqual([]);
  });

  it('is contradicted when it believes in another key, or another remote', () => {
    const believe = (more: Partial<TunnelEnd>) =>
      believing(lab.cells, (hop: Hop) =>
        hop.kind === 'tunnel-end' && hop.stack === 'g/b'
          ? { ...hop, settings: { ...hop.settings, ...more } }
          : hop,
      ).flatMap(contradiction);
    expect(believe({ id: 9 })).not.toEqual([]);
    expect(believe({ remote: '10.0.0.3' })).not.toEqual([]);
    expect(believe({})).toEqual([]);
  });
});
