import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import type { PlanFacts } from '../links/define.js';
import { xmlText } from '../xml.js';

/** Disks of the user's own, which a guest boots from a copy-on-write overlay: they are never written to. */

/** What QEMU calls the format of an image; `qcow2` says itself that it is one. */
export type DiskFormat = 'qcow2' | 'raw';

/** Where libvirt expects what guests have for disks: SELinux and AppArmor let its guests open what is here. */
const FOLDER = '/var/lib/libvirt/images';

/** The files of a domain's disks; those of no other program have such names. */
export const diskFiles = (domain: string) => ({
  /** What the guest has written. */
  overlay: `${FOLDER}/patchlab.${domain}.qcow2`,
  /** What cloud-init reads. */
  seed: `${FOLDER}/patchlab.${domain}.seed.iso`,
});

/** The format of an image: as its first bytes have it, or, before anybody has looked, as its name has it. */
export const formatOf = (image: string, facts: Pick<PlanFacts, 'disks'> | undefined): DiskFormat =>
  facts?.disks?.[image] ?? (/\.(raw|img)$/.test(image) ? 'raw' : 'qcow2');

/** What of a disk the domain shows. */
interface DomainDisk {
  readonly image: string;
  readonly format: DiskFormat;
  /** With a seed for cloud-init. */
  readonly isSeeded: boolean;
}

/**
 * Add the disks of a domain. libvirt gives files to the user that QEMU runs as; the user's own image keeps its owner.
 * https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export function addDisks(devices: XMLBuilder, domain: string, disk: DomainDisk): void {
  const files = diskFiles(domain);
  const first = addDisk(devices, files.overlay, 'qcow2', 'vda');
  const below = first.ele('backingStore', { type: 'file' });
  below.ele('format', { type: disk.format });
  below
    .ele('source', { file: xmlText(disk.image) })
    .ele('seclabel', { model: 'dac', relabel: 'no' });
  // A disk and no CD: each kernel that has booted from the one can read the other.
  if (disk.isSeeded) addDisk(devices, files.seed, 'raw', 'vdb').ele('readonly');
}

function addDisk(devices: XMLBuilder, file: string, format: DiskFormat, dev: string): XMLBuilder {
  const disk = devices.ele('disk', { type: 'file', device: 'disk' });
  disk.ele('driver', { name: 'qemu', type: format });
  disk.ele('source', { file });
  disk.ele('target', { dev, bus: 'virtio' });
  return disk;
}
