import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { runCommand } from '../apply/command.js';
import { libvirtUri } from '../apply/libvirt.js';

/**
 * The shape of a guest: all that its stored state depends on. A state fits a domain of the same shape
 * and no other, because QEMU demands the same devices, memory and versions at both ends of a migration
 * (https://www.qemu.org/docs/master/devel/migration/main.html).
 */
export interface Shape extends Hypervisor {
  /** Name of the image. */
  readonly guest: string;
  /** SHA-256 of kernel and initramfs: what has booted. */
  readonly image: string;
  /** The domain that was booted: machine, memory, processors, NICs, kernel command line (see `templateXml`). */
  readonly xml: string;
}

/** What of this host a stored state depends on. */
export interface Hypervisor {
  /** QEMU's version with that of its package, and libvirt's, which lays out the devices. */
  readonly versions: readonly string[];
  /** Model and features of the host's processor; with KVM guests see them. */
  readonly processor: string;
}

/** Version of what is done to a guest before it is stored; a new one makes all old states unused. */
const PROCEDURE = 1;

/** Sixteen hexadecimal digits: the same for two shapes only if one's state serves the other. */
export function shapeKey({ image, xml, versions, processor }: Shape): string {
  const facts = [PROCEDURE, image, xml, versions, processor];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/** Look at this host. @throws PatchlabError `command/missing`, `command/failed` where libvirt does not answer */
export async function readHypervisor(): Promise<Hypervisor> {
  const [qemu, libvirt, info] = await Promise.all([
    runCommand(['qemu-system-x86_64', '--version']),
    runCommand(['virsh', '-q', '-c', libvirtUri(), 'version', '--daemon'], {
      timeout: 20_000,
    }),
    readFile('/proc/cpuinfo', 'utf8'),
  ]);
  const [, daemon] = /^Running against daemon: (.*)$/m.exec(libvirt.stdout) ?? [];
  const [, flags] = /^flags\s*: (.*)$/m.exec(info) ?? [];
  return {
    versions: [qemu.stdout.split('\n')[0] ?? '', `libvirt ${daemon ?? 'unknown'}`],
    processor: `${cpus()[0]?.model ?? 'unknown'}: ${flags ?? ''}`,
  };
}
