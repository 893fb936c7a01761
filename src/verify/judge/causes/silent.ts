import { deviceOf, type CauseKind } from './define.js';

/** An end that has been told not to answer, or not to ask: ip-sysctl, ip-link(8) arp. */
export const silent: CauseKind = {
  name: 'silent',
  doc: 'An end of the way does not answer: ARP is off, its address is gone, or it ignores echo requests.',
  find(scene) {
    const { leg, lastSeen, stackOf } = scene;
    // Only what was never sent is the fault of the end that should have sent it.
    const [end] = leg.path;
    if (!end || lastSeen >= 0) return undefined;
    const device = deviceOf(scene, end);
    const told = (reason: string, remedy: string, source: string) => ({
      ...{ at: end, reason, remedy, source },
    });
    if (!device) return undefined;
    if (leg.class.startsWith('arp') && device.flags.includes('NOARP'))
      return told(
        `${end.label} has ARP turned off: it neither asks nor answers.`,
        `Turn it on: \`ip link set dev ${end.device} arp on\`.`,
        'ip-link(8) arp; netdevice(7) IFF_NOARP',
      );
    const ignored = [...(stackOf(end)?.sysctls ?? [])].find(
      ([name, value]) => value === '1' && (leg.class === 'icmp6') === name.includes('ipv6'),
    );
    if (leg.class.startsWith('icmp') && ignored)
      return told(
        `${end.label} ignores echo requests: ${ignored[0]} is 1.`,
        `Set it to 0: \`sysctl -w ${ignored[0]}=0\`.`,
        'Linux Documentation/networking/ip-sysctl.rst',
      );
    const lost = scene
      .addressesOf(end)
      .find((ip) => !device.addr_info.some(({ local }) => local === ip));
    if (lost !== undefined)
      return told(
        `${end.label} has lost its address ${lost}.`,
        `Give it back: \`ip address add ${lost}/PREFIX dev ${end.device}\`.`,
        'ip-address(8)',
      );
    return undefined;
  },
};
