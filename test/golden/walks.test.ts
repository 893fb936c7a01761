import { expect, it } from 'vitest';
import { predictWalks, type WalkArguments } from '../../src/cli/predict-walk.js';
import { ANY_FACTS } from '../../src/links/define.js';
import { wire } from '../../src/plan/wire.js';
import { formatWalks } from '../../src/report/terminal/walk.js';
import { loadTopology } from '../../src/topology/load.js';
import { shippedLab } from '../../src/topology/load-labs.js';

type Asked = WalkArguments & { readonly from: string };

/** What `predict` prints of one frame or one probe, 80 columns wide. */
const WALKS: Readonly<Record<string, readonly [name: string, asked: Asked]>> = {
  'a broadcast that keeps to its VLAN': [
    'vlan-filter',
    { from: 'sw1/c1', to: 'sw2/c1', frame: 'arp-request' },
  ],
  'a broadcast for everybody': ['vlan-filter', { from: 'sw1/c1', frame: 'arp-request' }],
  'a ping whose ARP reply dies at a macvtap': [
    'macvtap-arp-relay',
    { from: 'sw1/c1', to: 'sw2/c1', probe: 'icmp' },
  ],
  'a ping over three routers': ['three-routers', { from: 'a', to: 'b', probe: 'icmp' }],
  'LLDP that a bridge eats': ['bridge-eats-lldp', { from: 'a:eth1', to: 'b:eth1' }],
  'a ping to the own parent device': [
    'macvlan-own-parent',
    { from: 'node1/ns1', to: 'node1:ens160', probe: 'icmp' },
  ],
  'a ping that the stack below routes': [
    'ipvlan-device',
    { from: 'host/c:l3', to: 'host/peer:eth2', probe: 'icmp' },
  ],
  'a broadcast in a VLAN in a VLAN': [
    'vlan-device',
    { from: 'host/a:s100.5', frame: 'arp-request' },
  ],
  'a frame with the tag of another VLAN': [
    'vlan-device',
    { from: 'host/a:v20', to: 'host/b:v30', frame: 'mdns' },
  ],
  'a ping in packets that a router hands on': [
    'vxlan',
    { from: 'a:st', to: 'c:st', probe: 'icmp' },
  ],
  'a broadcast to a group that stays on its segment': [
    'vxlan',
    { from: 'a:mc', to: 'c:mc', frame: 'arp-request' },
  ],
  'a frame that comes to another key': [
    'tunnels',
    { from: 'lab/a:gre8', to: 'lab/b:gre9', frame: 'unicast-own' },
  ],
  'a broadcast between macvlans in mode bridge': [
    'macvlan-modes',
    { from: 'a:eth1', frame: 'arp-request' },
  ],
};

it.each(Object.keys(WALKS))('%s', async (name) => {
  const [shown = '', asked] = WALKS[name] ?? [];
  const { lab } = await loadTopology(shippedLab(shown)?.file ?? '');
  const walks = predictWalks(lab, wire(lab, ANY_FACTS), asked as Asked);
  const text = `${formatWalks(lab.name, walks, 80)}\n`;
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expect(text).toMatchFileSnapshot(`walks/${name.toLowerCase().replaceAll(' ', '-')}.txt`);
});
