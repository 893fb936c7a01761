import { describe, expect, it } from 'vitest';
import type { Hop } from '../../src/hops/types.js';
import { cli } from '../support/cli.js';
import { believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** VLAN devices in every place that they can have, in one guest: its kernel has them. */

const LAB = `name: hvl
nodes:
  g:
    kind: vm
    namespaces: [a, b, y]
    devices:
      - { kind: veth, name: a:eth1, peer: b:eth1 }
      - { kind: vlan, name: a:v10, lower: a:eth1, id: 10, egress: { 0: 5 } }
      - { kind: vlan, name: b:v10, lower: b:eth1, id: 10, mac: '02:00:00:00:10:02' }
      - { kind: vlan, name: b:v7, lower: b:eth1, id: 7 }
      - { kind: vlan, name: a:s7, lower: a:eth1, id: 7, protocol: 802.1ad }
      - { kind: vlan, name: b:s7, lower: b:eth1, id: 7, protocol: 802.1ad }
      - { kind: vlan, name: a:s7.9, lower: a:s7, id: 9 }
      - { kind: vlan, name: b:s7.9, lower: b:s7, id: 9 }
      - { kind: veth, name: a:eth2, peer: p1 }
      - { kind: veth, name: y:eth2, peer: p2 }
      - { kind: bridge, name: br0, members: [p1, p2] }
      - { kind: vlan, name: a:v20, lower: a:eth2, id: 20 }
      - { kind: vlan, name: a:v30, lower: a:eth2, id: 30 }
      - { kind: vlan, name: a:v40, lower: a:eth2, id: 40 }
      - { kind: vlan, name: p1.20, lower: p1, id: 20 }
      - { kind: vlan, name: y:v20, lower: y:eth2, id: 20 }
      - { kind: vlan, name: y:v30, lower: y:eth2, id: 30 }
      - { kind: vlan, name: b:br0.40, lower: br0, id: 40 }
links: []
`;

const PAIRS = [
  ['g/a:eth1', 'g/b:eth1'],
  ['g/a:v10', 'g/b:v10'],
  ['g/a:eth1', 'g/b:v7'],
  ['g/a:s7', 'g/b:s7'],
  ['g/a:s7', 'g/b:v7'],
  ['g/a:s7.9', 'g/b:s7.9'],
  ['g/a:eth2', 'g/y:eth2'],
  ['g/a:v20', 'g:p1.20'],
  ['g/a:v20', 'g/y:v20'],
  ['g/a:v30', 'g/y:v30'],
  ['g/a:v40', 'g/b:br0.40'],
] as const;

const lab = matrixLab(LAB, { pairs: PAIRS, sizes: [1500] });

const all = (from: string, to: string): readonly string[] =>
  lab.cells.filter((cell) => cell.from === from && cell.to === to).map(({ frame }) => frame.name);

describe('the model of VLAN devices', () => {
  it('is what the kernel does with every class, place and direction', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it('hands what has the tag to the VLAN device alone, and nothing else to it', () => {
    const tagged = ['vlan 7', '1500 octets in 7'];
    const lost = lostIn(lab.cells, 'g/a:eth1', 'g/b:v7');
    expect(all('g/a:eth1', 'g/b:v7').filter((name) => !lost.includes(name))).toEqual(tagged);
  });

  it('carries every class in a VLAN, in a provider VLAN, and in a VLAN in a VLAN', () => {
    expect(lostIn(lab.cells, 'g/a:v10', 'g/b:v10')).toEqual([]);
    expect(lostIn(lab.cells, 'g/a:s7', 'g/b:s7')).toEqual([]);
    // One tag is beside the frame, one more has room: a third does not.
    expect(lostIn(lab.cells, 'g/b:s7.9', 'g/a:s7.9')).toEqual(['1500 octets in 7']);
  });

  it('tells the tag of a provider from that of a customer', () => {
    expect(lostIn(lab.cells, 'g/a:s7', 'g/b:v7')).toEqual(all('g/a:s7', 'g/b:v7'));
  });

  it('takes the VLAN of a bridge port away from the bridge, and leaves it the others', () => {
    expect(lostIn(lab.cells, 'g/a:v20', 'g:p1.20')).toEqual([]);
    expect(lostIn(lab.cells, 'g/a:v20', 'g/y:v20')).toEqual(all('g/a:v20', 'g/y:v20'));
    expect(lostIn(lab.cells, 'g/a:v30', 'g/y:v30')).not.toContain('arp-request');
  });

  it('is contradicted when it believes in another VLAN, or another standard', () => {
    const believe = (more: object) =>
      believing(lab.cells, (hop: Hop) =>
        hop.settings.tag
          ? { ...hop, settings: { ...hop.settings, tag: { ...hop.settings.tag, ...more } } }
          : hop,
      ).flatMap(contradiction);
    expect(believe({ id: 11 })).not.toEqual([]);
    expect(believe({ tpid: 0x8100 })).not.toEqual([]);
  });

  it('writes the priority of the file into the tag', async () => {
    const { stdout } = await cli([
      'exec',
      'g',
      '--',
      'sh',
      '-c',
      'cat /tmp/0.pcap | tcpdump -e -r - vlan 10',
    ]);
    expect(stdout).toMatch(/vlan 10, p 5/);
  });
});
