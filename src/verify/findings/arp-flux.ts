import { groupBy } from '../../group-by.js';
import { isProxy } from '../../ip/resolution.js';
import { stacksOf, type IpStack } from '../../ip/stack.js';
import type { Hop } from '../../hops/types.js';
import type { FindingKind } from './define.js';

/** A device that answers for an address of another device of its stack. */
export const arpFlux: FindingKind = {
  kind: 'arp-flux',
  doc: 'A device answers ARP for an address that another device of its stack has: Linux takes addresses for the stack’s, not the device’s. Whose answer comes first decides by which device the traffic comes in.',
  find({ claims, lab, graph }) {
    const stacks = [...stacksOf(lab, graph).values()];
    const byMac = groupBy(
      stacks.flatMap((stack) => stack.devices.map((device) => ({ stack, device }))),
      ({ device }) => device.settings.mac ?? '',
    );
    return claims
      .filter(({ isAnswer }) => isAnswer)
      .flatMap(({ ip, mac }) => {
        const speaking = byMac.get(mac) ?? [];
        const has = (stack: IpStack, device: Hop): boolean =>
          stack.addresses.some((one) => one.ip === ip && one.device === device.device);
        // A bond shares its MAC with its members.
        if (speaking.some(({ stack, device }) => has(stack, device))) return [];
        return speaking.flatMap(({ stack, device: by }) => {
          const own = stack.addresses.filter((address) => address.ip === ip);
          if (own.length === 0 || isProxy(stack)) return [];
          const { id } = stack.stack;
          const owner = `${id}:${own[0]?.device ?? ''}`;
          return [
            {
              severity: 'warning' as const,
              where: [by.label, owner],
              what: `${by.label} answered ARP for ${ip}, which is an address of ${owner}.`,
              why: 'A stack of Linux answers for any of its addresses at any of its devices, as long as arp_ignore is 0 (RFC 1122 3.3.4.2, weak end system; Documentation/networking/ip-sysctl.rst).',
              fix: `Set \`net.ipv4.conf.all.arp_ignore: 1\` and \`net.ipv4.conf.all.arp_announce: 2\` in the \`sysctls\` of ${id}, or \`net.ipv4.conf.all.arp_filter: 1\`.`,
            },
          ];
        });
      });
  },
};
