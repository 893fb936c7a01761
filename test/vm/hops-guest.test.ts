import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/frames/frame.js';
import type { TestFrame } from '../support/frames.js';
import type { Hop } from '../../src/hops/types.js';
import { believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { addressesInUse, filterCopied } from '../support/settled.js';
import { matrixLab } from '../support/matrix-lab.js';

/** A guest's NIC behind taps and macvtaps with every setting, both ways; the other end of each cable is a namespace. */

const LAB = `name: hg
nodes:
  w: { kind: netns, ports: { eth1: { mtu: 3000 } } }
  g:
    kind: vm
    devices:
      - { kind: bridge, name: br0, members: [eth9] }
      - { kind: bridge, name: br1, members: [eth10] }
links:
  - { kind: redirect, ends: [w:eth1, g:eth1] }
  - { kind: macvtap, mode: vepa, ends: [w:eth2, g:eth2] }
  - { kind: macvtap, mode: private, allmulticast: true, ends: [w:eth3, g:eth3] }
  - { kind: macvtap, mode: vepa, trustGuestRxFilters: true, ends: [w:eth4, g:eth4] }
  - { kind: macvtap, mode: passthru, ends: [w:eth5, g:eth5] }
  - { kind: macvtap, mode: bridge, promisc: true, ends: [w:eth6, g:eth6] }
  - { kind: macvlan, mode: bridge, allmulticast: true, ends: [g:eth7, g:eth8], uplink: w:eth7 }
  - { kind: bridge, group_fwd_mask: 0xfffd, ends: [w:eth9, g:eth9] }
  - { kind: macvtap, mode: vepa, trustGuestRxFilters: true, ends: [w:eth10, g:eth10] }
  - { kind: ovs-switch, forward_bpdu: true, ends: [w:eth11, g:eth11], down: [g:eth11] }
`;

/** IPv6 of the receiver has joined the group of its own address. */
const know = ({ class: name, spec }: TestFrame): Frame =>
  name === 'nd-solicitation' ? { ...spec, joined: true } : spec;

const lab = matrixLab(LAB, { know, sizes: [1500, 1501, 1600] }, async () => {
  await addressesInUse('hg');
  await filterCopied('hg', 'g:eth4', 'its groups');
  await filterCopied('hg', 'g:eth10', 'everything');
});

const UNJOINED = ['lldp', 'stp', 'lacp', 'dot1x', 'pause', 'cdp', 'mdns'];
const GROUPS = [...UNJOINED, 'igmp report v3', 'igmp report v2', 'unjoined group'];
const TAGGED = ['vlan 7', 'vlan 8'];

describe('the model of a guest behind a tap or a macvtap', () => {
  it('is what NIC and devices do with every class, setting and direction', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  it('has the NIC drop what nobody in the guest asked for, whatever its size', () => {
    const tagged = ['1500', '1501', '1600'].map((size) => `${size} octets in 7`);
    expect(lostIn(lab.cells, 'w:eth1', 'g:eth1')).toEqual([
      ...GROUPS,
      ...TAGGED,
      'unicast-foreign',
      ...tagged,
    ]);
  });

  it('has a NIC that is the port of a bridge take everything', () => {
    const lost = lostIn(lab.cells, 'w:eth9', 'g:eth9');
    expect(lost.filter((name) => !/octets/.test(name))).toEqual(['pause']);
  });

  it('has a trusted macvtap take what the guest joined, and everything once its NIC is the port of a bridge', () => {
    const short = (to: string) =>
      lostIn(lab.cells, to.replace('g', 'w'), to).filter((name) => !/octets/.test(name));
    expect(short('g:eth4')).not.toContain('nd-solicitation');
    expect(short('g:eth10')).toEqual(['pause', 'unicast-foreign']);
  });

  it('is contradicted when it believes that NICs take everything', () => {
    const open = (hop: Hop): Hop =>
      hop.kind === 'nic' ? { ...hop, settings: { ...hop.settings, promisc: true } } : hop;
    expect(believing(lab.cells, open).flatMap(contradiction)).not.toEqual([]);
  });
});
