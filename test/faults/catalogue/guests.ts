import { link, type Fault } from './fault.js';

/** Faults of guests and of what they are joined by: topology `guests.yaml`. */

const MACVTAP = '{sw2:eth1 macvtap}';
const TAP = '{sw1:eth2 tap}';
const MAC = '{mac sw2:eth1}';
const OTHER_MAC = '02:00:00:00:00:99';

/** The agent and the shell that starts it again; first it must answer. */
const KILL_AGENT =
  'agent=$(pidof qemu-ga) && read -r _ _ _ loop _ </proc/$agent/stat && (sleep 1; kill -9 $loop $agent) >/dev/null 2>&1 &';

/** Asks the agent of a domain until it does not answer. */
const UNTIL_SILENT = `while virsh -q qemu-agent-command --timeout 2 "$1" '{"execute":"guest-ping"}' >/dev/null 2>&1; do :; done`;

export const guestFaults: readonly Fault[] = [
  {
    name: 'allmulticast is off on a macvtap',
    break: [link('host', MACVTAP, 'allmulticast', 'off')],
    mend: [link('host', MACVTAP, 'allmulticast', 'on')],
    check: 'lldp sw1:eth1 > sw2:eth1',
    at: 'sw2:eth1 macvtap',
    reason: /allmulticast is false, not true/,
    passes: 'lldp sw2:eth1 > sw1:eth1',
    // One device in 85 takes a group by its salted hash.
    lucky: true,
  },
  {
    name: 'a macvtap is down',
    break: [link('host', MACVTAP, 'down')],
    mend: [link('host', MACVTAP, 'up')],
    check: 'arp sw1:eth1 > sw2:eth1',
    at: 'sw2:eth1 macvtap',
    reason: /is down/,
  },
  {
    name: 'the lower device of a macvtap is down',
    break: [link('host', '{sw1:eth1 veth}', 'down')],
    mend: [link('host', '{sw1:eth1 veth}', 'up')],
    check: 'arp sw1:eth1 > sw2:eth1',
    at: 'sw1:eth1 veth',
    reason: /is down/,
    passes: 'lldp sw1:eth2 > sw2:eth2',
  },
  {
    name: 'a macvtap has another MAC than its guest',
    break: [link('host', MACVTAP, 'address', OTHER_MAC)],
    mend: [link('host', MACVTAP, 'address', MAC)],
    check: 'icmp sw1:eth1 > sw2:eth1',
    at: 'sw2:eth1 macvtap',
    reason: /mac is 02:00:00:00:00:99/,
  },
  {
    name: 'a guest has changed the MAC of its port',
    break: [link('sw2', 'eth1', 'address', OTHER_MAC)],
    mend: [link('sw2', 'eth1', 'address', MAC)],
    check: 'icmp sw1:eth1 > sw2:eth1',
    at: 'sw2:eth1 macvtap',
    reason: /unicast only for its own MAC .* this frame is for 02:00:00:00:00:99/,
  },
  {
    name: 'a port is down in its guest',
    break: [link('sw2', 'eth1', 'down')],
    mend: [link('sw2', 'eth1', 'up')],
    check: 'arp sw1:eth1 > sw2:eth1',
    at: 'sw2:eth1',
    reason: /is down/,
  },
  {
    name: 'the cable is pulled out of a guest',
    break: [['host', 'virsh', '-q', 'domif-setlink', '{domain sw2}', MAC, 'down']],
    mend: [['host', 'virsh', '-q', 'domif-setlink', '{domain sw2}', MAC, 'up']],
    check: 'arp sw1:eth1 > sw2:eth1',
    at: 'sw2:eth1',
    reason: /has no carrier/,
  },
  {
    name: 'the mask of a tap in the bridge is cleared, as after a new start',
    break: [link('host', TAP, 'type', 'bridge_slave', 'group_fwd_mask', '0')],
    mend: [link('host', TAP, 'type', 'bridge_slave', 'group_fwd_mask', '0xfffd')],
    check: 'lldp sw1:eth2 > sw2:eth2',
    at: 'segment bridge',
    reason: /mask is 0, not 65533/,
    passes: 'lldp sw2:eth2 > sw1:eth2',
  },
  {
    name: 'a guest is paused',
    break: [['host', 'virsh', '-q', 'suspend', '{domain sw2}']],
    mend: [['host', 'virsh', '-q', 'resume', '{domain sw2}']],
    check: 'arp sw1:eth1 > sw2:eth1',
    at: 'sw2:eth1',
    reason: /sw2 does not run: it is paused/,
  },
  {
    name: 'the agent of a guest is dead',
    break: [
      ['sw2', '/bin/sh', '-c', KILL_AGENT],
      ['host', 'timeout', '60', 'sh', '-c', UNTIL_SILENT, 'sh', '{domain sw2}'],
    ],
    checks: ['arp sw1:eth1 > sw2:eth1', 'lldp sw2:eth2 > sw1:eth2'],
    message: /guest:sw2 .* agent|sw2.*agent/,
  },
  {
    name: 'a guest is killed',
    break: [['host', 'virsh', '-q', 'destroy', '{domain sw2}']],
    check: 'arp sw1:eth1 > sw2:eth1',
    at: 'sw2:eth1',
    reason: /sw2 does not run: it is shut off/,
  },
];
