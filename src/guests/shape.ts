import { createHash } from 'node:crypto';

/**
 * The shape of a guest: all that its stored state depends on. A state fits a domain of the same shape
 * and no other, because QEMU demands the same devices, memory and versions at both ends of a migration
 * (https://www.qemu.org/docs/master/devel/migration/main.html).
 */
export interface Shape {
  /** SHA-256 of kernel and initramfs: what has booted. */
  readonly image: string;
  readonly kernelArgs: readonly string[];
  readonly accelerator: 'kvm' | 'tcg';
  /** QEMU's machine type as the domain's XML has it. */
  readonly machine: string;
  readonly cpu: string | undefined;
  readonly memoryMiB: number;
  readonly vcpus: number;
  /** Number of virtio network cards. What they are plugged into does not matter. */
  readonly nics: number;
  /** What `qemu-system-x86_64 --version` and `libvirtd --version` say first; libvirt lays out the devices. */
  readonly versions: readonly string[];
}

/** Version of what `warm.ts` does to a guest before it stores it; a new one makes all old states unused. */
const PROCEDURE = 1;

/** Sixteen hexadecimal digits: the same for two shapes only if one's state serves the other. */
export function shapeKey(shape: Shape): string {
  const facts = [
    PROCEDURE,
    shape.image,
    shape.kernelArgs,
    shape.accelerator,
    shape.machine,
    shape.cpu ?? null,
    shape.memoryMiB,
    shape.vcpus,
    shape.nics,
    shape.versions,
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/** Id of the memory in QEMU. It names the block in the stored state, so it is the same for all. */
const MEMORY_ID = 'warm.ram';

/**
 * The XML of a domain whose memory is a file. Shared, it fills the file; private, it begins as what the
 * file holds and keeps its changes to itself (MAP_PRIVATE, mmap(2)).
 * libvirt names its memory files by the domain's number, so the file goes past it: `-machine` given twice is merged.
 * @param incoming - wait for a state over QMP `migrate-incoming` in place of booting
 */
export function onMemoryFile(
  xml: string,
  memory: { readonly path: string; readonly mib: number; readonly share: boolean },
  incoming: boolean,
): string {
  const file = memory.path.replaceAll(',', ',,');
  const share = memory.share ? 'on' : 'off';
  const args = [
    '-object',
    `memory-backend-file,id=${MEMORY_ID},size=${memory.mib * 1024 * 1024},mem-path=${file},share=${share}`,
    ...['-machine', `memory-backend=${MEMORY_ID}`],
    ...(incoming ? ['-incoming', 'defer'] : []),
  ];
  const element = [
    '  <qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">',
    ...args.map((arg) => `    <qemu:arg value="${escapeAttribute(arg)}"/>`),
    '  </qemu:commandline>',
    '</domain>',
  ];
  return xml.replace(/<\/domain>\s*$/, `${element.join('\n').trimStart()}\n`);
}

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
