import { describe, expect, it } from 'vitest';
import type { IpvlanSettings } from '../../src/hops/ipvlan.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, cliJson } from '../support/cli.js';
import { believing, contradiction, arrivedIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** ipvlans, and macvlans on a dummy, in one guest: its kernel has them. */

/**
 * The flag private is shown by the lab ipvlan-device: what is written to a packet socket has no protocol there
 * (ipvlan_header_ops has no parse_protocol), and so goes round by the lower device, flag or not. The test frames of IP are for
 * 10.9.9.1 and fe80::1.
 */
const LAB = `name: hip
nodes:
  g:
    kind: vm
    namespaces: [a, b, p]
    devices:
      - { kind: veth, name: eth1, peer: p:eth1 }
      - { kind: veth, name: eth3, peer: p:eth3 }
      - { kind: veth, name: eth4, peer: p:eth4 }
      - { kind: veth, name: eth5, peer: p:eth5 }
      - { kind: ipvlan, name: a:br, lower: eth1, mode: l2, allmulticast: true }
      - { kind: ipvlan, name: b:br, lower: eth1, mode: l2 }
      - { kind: ipvlan, name: a:ve, lower: eth3, mode: l2, flag: vepa }
      - { kind: ipvlan, name: b:ve, lower: eth3, mode: l2, flag: vepa }
      - { kind: ipvlan, name: b:l3, lower: eth4, mode: l3 }
      - { kind: ipvlan, name: a:s1, lower: eth5, mode: l3s }
      - { kind: ipvlan, name: b:s2, lower: eth5, mode: l3s }
      - { kind: dummy, name: d0 }
      - { kind: macvlan, name: a:mv, lower: d0, mode: bridge, allmulticast: true }
      - { kind: macvlan, name: b:mv, lower: d0, mode: bridge, allmulticast: true }
    addresses:
      eth5: 10.5.0.1/24
      p:eth5: 10.5.0.9/24
      a:br: 10.9.9.2/24
      b:br: [10.9.9.1/24, fe80::1/64]
      b:ve: 10.9.9.1/32
      b:l3: 10.9.9.1/32
      a:s1: 10.5.1.2/24
      b:s2: 10.5.2.2/24
    routes:
      - { namespace: a, to: 10.5.0.0/16, dev: s1 }
      - { namespace: b, to: 10.5.0.0/16, dev: s2 }
      - { namespace: p, to: 10.5.1.0/24, via: 10.5.0.1 }
links: []
`;

const PAIRS = [
  ['g/p:eth1', 'g/b:br'],
  ['g/p:eth1', 'g:eth1'],
  ['g:eth1', 'g/a:br'],
  ['g/a:br', 'g/b:br'],
  ['g/a:ve', 'g/b:ve'],
  ['g/a:mv', 'g/b:mv'],
] as const;

const lab = matrixLab(LAB, { pairs: PAIRS });

const arrived = (from: string, to: string): readonly string[] => arrivedIn(lab.cells, from, to);

describe('the model of ipvlans in mode l2', () => {
  it('is what the kernel does with every class, flag and direction', () => {
    // PAUSE from a packet socket has no protocol on a macvlan of Linux 6.1, and so passes where that of a stack would not.
    const told = lab.cells.filter(
      ({ from, frame }) => frame.class !== 'pause' || !from.endsWith(':mv'),
    );
    expect(told.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it('gives each what is for its addresses, and broadcasts, of all that comes to the one MAC', () => {
    const unicast = ['icmp', 'icmp6', 'arp-reply', 'unicast-own'];
    const heard = arrived('g/p:eth1', 'g/b:br');
    expect(heard.filter((name) => unicast.includes(name))).toEqual(['icmp', 'icmp6']);
    expect(heard).toContain('arp-request');
    expect(arrived('g/p:eth1', 'g:eth1')).toContain('unicast-own');
  });

  it('is contradicted when it believes in another flag, or another address', () => {
    const believe = (more: Partial<IpvlanSettings>) =>
      believing(lab.cells, (hop: Hop) =>
        hop.kind === 'ipvlan' ? { ...hop, settings: { ...hop.settings, ...more } } : hop,
      ).flatMap(contradiction);
    expect(believe({ flag: 'bridge' })).not.toEqual([]);
    expect(believe({ addresses: [] })).not.toEqual([]);
  });
});

describe('a dummy', () => {
  it('is a lower device on which macvlans in mode bridge hear each other', () => {
    expect(arrived('g/a:mv', 'g/b:mv')).toContain('unicast-own');
  });
});

describe('mode l3s', () => {
  // A packet becomes that of an ipvlan behind the captures there, so a ping tells.
  it.each([
    ['g/a:s1 to a sibling', 'a', '10.5.2.2', 'g/a:s1', 'g/b:s2'],
    ['g/a:s1 to the wire', 'a', '10.5.0.9', 'g/a:s1', 'g/p:eth5'],
    ['the wire to g/a:s1', 'p', '10.5.1.2', 'g/p:eth5', 'g/a:s1'],
  ])('routes in the stack below as the model says: from %s', async (_, netns, ip, from, to) => {
    const ping = ['ip', 'netns', 'exec', netns, 'ping', '-c1', '-t1', '-W5', ip];
    expect(await cli(['exec', 'g', '--', ...ping])).toMatchObject({ exitCode: 0 });
    const { result } = await cliJson(
      'predict',
      lab.file,
      '--from',
      from,
      '--to',
      to,
      '--probe',
      'icmp',
    );
    expect(new Set(result.walks.map(({ outcome }) => outcome))).toEqual(new Set(['pass']));
  });

  it('has no answer where there is no route back, as the model says', async () => {
    const ping = ['ip', 'netns', 'exec', 'b', 'ping', '-c1', '-W1', '10.5.0.9'];
    expect((await cli(['exec', 'g', '--', ...ping])).exitCode).toBe(1);
    const ends = ['--from', 'g/b:s2', '--to', 'g/p:eth5'];
    const { stdout } = await cli(['predict', lab.file, ...ends, '--probe', 'icmp']);
    expect(stdout).toContain('g/p has no route to 10.5.2.2');
  });
});
