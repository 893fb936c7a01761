import type { DeviceState } from '../../../hops/device.js';
import type { Frame } from '../../../frames/frame.js';
import type { Hop } from '../../../hops/types.js';
import { deviceOf, type CauseKind, type Explanation, type LostFrame } from './define.js';

type Told = Omit<Explanation, 'at'>;

/** A device that neither asks nor answers: ip-link(8) arp. */
const withoutArp = ({ arp }: Frame, end: Hop, device: DeviceState): Told | undefined =>
  arp && device.flags.includes('NOARP')
    ? {
        reason: `${end.label} has ARP turned off: it neither asks nor answers.`,
        remedy: `Turn it on: \`ip link set dev ${end.device} arp on\`.`,
        source: 'ip-link(8) arp; netdevice(7) IFF_NOARP',
      }
    : undefined;

/** An echo that is not answered: ip-sysctl. Who only hands on what another answers is not asked. */
function ignoring(frame: Frame, end: Hop, { stackOf }: LostFrame): Told | undefined {
  const { icmp, icmp6, ipv4, ipv6 } = frame;
  if ((icmp ?? icmp6)?.kind !== 'echo-reply') return undefined;
  const name = icmp ? 'net.ipv4.icmp_echo_ignore_all' : 'net.ipv6.icmp.echo_ignore_all';
  const stack = stackOf(end);
  const own = [...(stack?.devices.values() ?? [])].flatMap(({ addr_info }) => addr_info);
  const answers = own.some(({ local }) => local === (ipv4 ?? ipv6)?.src);
  if (!answers || stack?.sysctls.get(name) !== '1') return undefined;
  return {
    reason: `${end.label} ignores echo requests: ${name} is 1.`,
    remedy: `Set it to 0: \`sysctl -w ${name}=0\`.`,
    source: 'Linux Documentation/networking/ip-sysctl.rst',
  };
}

/** The address that the frame was to be sent from is gone. */
function withoutAddress(
  frame: Frame,
  end: Hop,
  device: DeviceState,
  scene: LostFrame,
): Told | undefined {
  const { arp, ipv4, ipv6 } = frame;
  const own = arp?.senderIp ?? ipv4?.src ?? ipv6?.src;
  const isPlanned = own !== undefined && scene.addressesOf(end).includes(own);
  if (!isPlanned || device.addr_info.some(({ local }) => local === own)) return undefined;
  return {
    reason: `${end.label} has lost its address ${own}.`,
    remedy: `Give it back: \`ip address add ${own}/PREFIX dev ${end.device}\`.`,
    source: 'ip-address(8)',
  };
}

/** An end that has been told not to answer, or not to ask. */
export const silent: CauseKind = {
  name: 'silent',
  doc: 'An end of the way does not answer: ARP is off, its address is gone, or it ignores echo requests.',
  find(scene) {
    const { leg, lastSeen } = scene;
    // Only what was never sent is the fault of the end that should have sent it.
    const end = leg.path.find(({ settings }) => settings.noDevice !== true);
    const device = end && deviceOf(scene, end);
    if (!end || !device || lastSeen >= 0) return undefined;
    const found =
      withoutArp(leg.frame, end, device) ??
      ignoring(leg.frame, end, scene) ??
      withoutAddress(leg.frame, end, device, scene);
    return found && { at: end, ...found };
  },
};
