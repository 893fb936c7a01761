import type { Requirement } from '../../plan/step.js';
import { command } from './command.js';
import { containerEngineCheck } from './container-engine.js';
import { containerImage } from './container-image.js';
import type { HostCheck } from './define.js';
import { deviceFree } from './device-free.js';
import { deviceNodes } from './device-nodes.js';
import { diskImage } from './disk-image.js';
import { disk } from './disk.js';
import { guestImage } from './guest-image.js';
import { kernelKind } from './kernel-kind.js';
import { kvm } from './kvm.js';
import { kvmPermission } from './kvm-permission.js';
import { libvirt } from './libvirt.js';
import { memory } from './memory.js';
import { netns } from './netns.js';
import { nftables } from './nftables.js';
import { ovs } from './ovs.js';
import { path } from './path.js';
import { qemu } from './qemu.js';
import { qdisc } from './qdisc.js';
import { root } from './root.js';
import { tcRedirect } from './tc-redirect.js';
import { udpPortFree } from './udp-port-free.js';
import { uplink } from './uplink.js';
import { userNamespaces } from './user-namespaces.js';

/** Every check of the host, in the order in which `patchlab doctor` lists them. */
export const hostChecks: readonly HostCheck[] = [
  root,
  command,
  netns,
  userNamespaces,
  kernelKind,
  nftables,
  tcRedirect,
  qdisc,
  deviceNodes,
  deviceFree,
  udpPortFree,
  uplink,
  ovs,
  libvirt,
  qemu,
  kvm,
  kvmPermission,
  guestImage,
  diskImage,
  containerEngineCheck,
  containerImage,
  path,
  memory,
  disk,
];

/** The names that a requirement may carry. */
export const hostCheckNames: readonly string[] = hostChecks.map(({ name }) => name);

/**
 * The check that a requirement asks for.
 * @throws TypeError if there is none, or if it takes an argument and has none or the other way round
 */
export function findCheck({ check: name, arg }: Requirement): HostCheck {
  const check = hostChecks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new TypeError(`no check of the host: ${name}`);
  if (arg !== undefined && check.argument === undefined)
    throw new TypeError(`the check ${name} takes no argument: ${arg}`);
  if (arg === undefined && check.argument !== undefined && !check.argument.optional)
    throw new TypeError(`the check ${name} needs an argument: ${check.argument.meaning}`);
  return check;
}
