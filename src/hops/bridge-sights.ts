import type { Frame } from '../frames/frame.js';
import type { Filtering } from './filtering.js';
import type { Sight } from './sight.js';
import type { Crossing, Hop } from './types.js';

/** The protocols that br_netfilter hands over, with the families of tables that see them and the settings that say so. */
const HANDED_OVER = [
  {
    name: 'IPv4',
    is: ({ ipv4 }: Frame) => ipv4 !== undefined,
    families: ['ip', 'inet'],
    sysctl: 'net.bridge.bridge-nf-call-iptables',
    option: 'nf_call_iptables',
  },
  {
    name: 'IPv6',
    is: ({ ipv6 }: Frame) => ipv6 !== undefined,
    families: ['ip6', 'inet'],
    sysctl: 'net.bridge.bridge-nf-call-ip6tables',
    option: 'nf_call_ip6tables',
  },
] as const;

/** Hooks that it leads to. */
const HOOKS: readonly string[] = ['prerouting', 'forward', 'postrouting'];

/** Where the tables of the family bridge, and by br_netfilter those of IP, see what a bridge takes or hands on. */
export function bridgeSights(
  { hop, from, to }: Crossing,
  frame: Frame,
  filtering: Filtering,
): readonly Sight[] {
  const hooks = from
    ? to
      ? ['prerouting', 'forward', 'postrouting']
      : ['prerouting', 'input']
    : ['output', 'postrouting'];
  const iif = from?.device ?? '';
  return hooks.flatMap((hook): readonly Sight[] => {
    const oif = hook === 'prerouting' || hook === 'input' ? '' : (to?.device ?? '');
    const packet = { frame, hook, iif, oif, bridge: hop.device };
    const own: Sight = { hop, families: ['bridge'], packet };
    return from ? [own, ...handedOver(hop, hook, frame, filtering)] : [own];
  });
}

/**
 * What br_netfilter shows to the tables of IP, as if it came in and went out by the bridge itself: Linux
 * net/bridge/br_netfilter_hooks.c, br_nf_pre_routing, br_nf_forward_ip, br_nf_post_routing.
 */
function handedOver(
  hop: Hop,
  hook: string,
  frame: Frame,
  { isOn, hasOption }: Filtering,
): readonly Sight[] {
  const over = HANDED_OVER.find(({ is }) => is(frame));
  if (!over || !HOOKS.includes(hook)) return [];
  if (frame.vlans.length > 0 && !isOn('net.bridge.bridge-nf-filter-vlan-tagged')) return [];
  const byOption = hasOption(hop.device, over.option);
  if (!isOn(over.sysctl) && !byOption) return [];
  const setting = byOption ? `${over.option} of ${hop.device}` : over.sysctl;
  const off = byOption
    ? `ip link set dev ${hop.device} type bridge ${over.option} 0`
    : `sysctl -w ${over.sysctl}=0`;
  return [
    {
      hop,
      families: over.families,
      packet: { frame, hook, iif: hop.device, oif: hook === 'prerouting' ? '' : hop.device },
      because: {
        text: `br_netfilter leads bridged ${over.name} packets through the packet filter of ${hop.stack} (${setting} is 1)`,
        remedy: `Or keep bridged packets out of it: \`${off}\`.`,
      },
    },
  ];
}
