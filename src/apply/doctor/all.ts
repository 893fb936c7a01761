import { containerEngines } from '../../containers/index.js';
import type { Requirement } from '../../plan/step.js';
import { isHeld } from '../rootless/folders.js';
import { type CheckOptions, checkRequirements, labelOf } from './check.js';
import type { CheckResult } from './define.js';
import { KERNEL_KINDS } from './kernel-kinds.js';
import { QDISCS } from './qdisc.js';

const each = (check: string, args: readonly string[]): readonly Requirement[] =>
  args.map((arg) => ({ check, arg }));

const MEBIBYTE = 1024 ** 2;

/** What labs of namespaces and the usual probes need. */
const NAMESPACES: readonly Requirement[] = [
  { check: 'root' },
  ...each('command', [
    'ip',
    'bridge',
    'tc',
    'sysctl',
    'flock',
    'mkfifo',
    'tcpdump',
    'ping',
    'arping',
    'ethtool',
  ]),
  ...each('command', ['ladvd', 'ladvdc', 'nsenter', 'trafgen']),
  { check: 'netns' },
  ...each('kernel-kind', ['veth', 'bridge']),
  { check: 'nftables' },
];

/** What the example labs need besides: guests, and switches of Open vSwitch. A user who is not root has neither. */
const MACHINE: readonly Requirement[] = [
  ...each('command', ['ovs-ofctl']),
  ...each('kernel-kind', ['macvtap', 'tap']),
  { check: 'device-nodes' },
  { check: 'ovs' },
  { check: 'libvirt' },
  { check: 'qemu' },
  { check: 'kvm' },
  { check: 'kvm-permission' },
  { check: 'guest-image', arg: 'mini' },
  // Two guests with the default memory.
  ...each('memory', [String(512 * MEBIBYTE)]),
  { check: 'disk' },
];

/** What some labs need: a lab that does not have it is none the worse for its absence. */
const OPTIONAL: readonly Requirement[] = [
  { check: 'user-namespaces' },
  { check: 'tc-redirect' },
  ...each('qdisc', Object.keys(QDISCS)),
  ...each('command', [
    'busybox',
    'dnsmasq',
    'genisoimage',
    'osken-manager',
    'ovs-appctl',
    'ovs-vsctl',
  ]),
  ...each('command', ['ovs-vswitchd', 'ovsdb-server', 'ovsdb-tool', 'setsid', 'socat', 'teamd']),
  ...each('command', ['qemu-img', 'teamnl', 'unshare', 'wg']),
  ...each(
    'container-engine',
    containerEngines.map(({ name }) => name),
  ),
  ...each('kernel-kind', Object.keys(KERNEL_KINDS)),
];

/**
 * Check all that labs may need, for `patchlab doctor`.
 * @returns the results; what only some labs need is a warning at most
 * @throws the signal's reason on abort
 */
export async function doctorAll(options: CheckOptions = {}): Promise<CheckResult[]> {
  const essential = new Set([...NAMESPACES, ...(isHeld() ? [] : MACHINE)].map(labelOf));
  const weigh = (result: CheckResult): CheckResult =>
    essential.has(labelOf(result)) ? result : { ...result, severity: 'warning' };
  const results = await checkRequirements([...NAMESPACES, ...MACHINE, ...OPTIONAL], {
    ...options,
    onResult: (result) => options.onResult?.(weigh(result)),
  });
  return results.map(weigh);
}
