import { expect, it } from 'vitest';
import type { StatusDevice } from '../../../src/apply/status-devices.js';
import type { Status } from '../../../src/apply/status.js';
import { formatStatus } from '../../../src/report/terminal/status.js';

const device = (fields: Partial<StatusDevice>): StatusDevice => ({
  ...{ stack: 'sw1', name: 'eth1', device: 'eth1', isPort: true, state: 'up', kind: 'veth' },
  ...{ mac: '02:00:00:00:00:01', mtu: 1500, master: null, addresses: [], differs: [] },
  ...fields,
});

it('has a table with a line for each device, inner namespaces included, and no fact that was not read', () => {
  const hops = Array.from({ length: 8 }, (_, at) => ({
    ...{ host: 'local', device: `vp${at}`, kind: 'veth', present: at !== 3 },
  }));
  const status: Status = {
    ...{ lab: 'demo', state: 'partial', drift: [], unread: ['Open vSwitch does not answer'] },
    nodes: [
      {
        ...{
          name: 'sw1',
          kind: 'netns',
          netns: 'demo.sw1',
          state: 'present',
          unread: null,
          log: null,
        },
        ports: [device({ mtu: 1400, differs: ['the MTU is 1400, not 1500'] })],
        devices: [
          device({ stack: 'sw1/c1', name: 'eth0', isPort: false, addresses: ['10.0.0.1/24'] }),
          device({ name: 'br0', isPort: false, kind: 'bridge', state: 'down' }),
        ],
      },
      {
        ...{ name: 'sw2', kind: 'vm', domain: 'demo.sw2', state: 'paused' },
        unread: 'sw2: it is paused',
        log: { path: '/log', lines: ['first', 'last \x1b[2J'] },
        ports: [
          device({
            ...{ stack: 'sw2', state: 'unknown', kind: null, mac: null, mtu: null },
            addresses: null,
          }),
        ],
        devices: [],
      },
    ],
    links: [
      {
        ...{ id: 'cable', kind: 'veth', state: 'up', hops: hops.slice(0, 2) },
        impaired: [
          { end: 'sw1:eth1', impairment: { delay: 20, loss: 0.5 }, live: false },
          { end: 'sw2:eth1', impairment: { rate: 1_500_000 }, live: true },
        ],
      },
      { id: 'segment', kind: 'bridge', state: 'partial', impaired: [], hops },
    ],
  };
  expect(formatStatus(status)).toMatchInlineSnapshot(`
    "demo: partial
      not all was read: Open vSwitch does not answer
      sw1  netns demo.sw1 (present)
        DEVICE   KIND    STATE  MAC                MTU   MASTER  ADDRESSES
        eth1     port    up     02:00:00:00:00:01  1400
        c1:eth0  veth    up     02:00:00:00:00:01  1500          10.0.0.1/24
        br0      bridge  down   02:00:00:00:00:01  1500
        DIFFERS sw1:eth1: the MTU is 1400, not 1500
      sw2  vm demo.sw2 (paused)
        not read: sw2: it is paused
        the end of /log:
          first
          last \\x1b[2J
        DEVICE  KIND  STATE    MAC  MTU  MASTER  ADDRESSES
        eth1    port  unknown  ?    ?    ?       ?
      cable  veth  up: vp0 (veth) > vp1 (veth)
        sw1:eth1 sends with delay 20ms, loss 0.5%
        sw2:eth1 sends with rate 1500kbit, by \`patchlab impair\`
      segment  bridge  partial
        vp0 (veth)
        vp1 (veth)
        vp2 (veth)
        vp3 (veth, GONE)
        vp4 (veth)
        vp5 (veth)
        vp6 (veth)
        vp7 (veth)"
  `);
});
