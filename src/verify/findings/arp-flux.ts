import { groupBy } from '../../group-by.js';
import { isProxy } from '../../ip/resolution.js';
import { stacksOf } from '../../ip/stack.js';
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
        // VLAN devices have the MAC of the device below: any of them may have answered.
        const answerers = byMac.get(mac) ?? [];
        return answerers.flatMap(({ stack, device: by }) => {
          const own = stack.addresses.filter((address) => address.ip === ip);
          const others = answerers.filter((one) => one.stack === stack);
          if (
            own.length === 0 ||
            own.some((one) => others.some(({ device }) => device.device === one.device))
          )
            return [];
          if (isProxy(stack)) return [];
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
