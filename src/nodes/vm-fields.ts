import { z } from 'zod';
import { lineField, memoryField, nameField } from '../topology/fields.js';
import { cloudInitField, type CloudInit } from './cloud-init-fields.js';

/** The fields of a virtual machine. */

const form = (regex: RegExp, error: string) => z.string({ error }).regex(regex, { error });

const path = (what: string) => form(/^\/\S(?:.*\S)?$/, 'write an absolute path').describe(what);

/** A word that libvirt hands to QEMU. */
const word = form(/^[A-Za-z0-9][\w.+-]*$/, 'write one word, as QEMU lists it');

/** The guest template of a node that names none. */
const DEFAULT_GUEST = 'mini';

/** The node kind `vm` as the file has it. */
export const vmFields = z.strictObject({
  kind: z.literal('vm'),
  guest: nameField
    .optional()
    .describe(
      'Guest template from `templates/guests/`: `mini`, or `switch`, in which Open vSwitch runs; `mini` when left out',
    ),
  kernel: path('Own kernel instead of the template (direct kernel boot)').optional(),
  initrd: path('Own initramfs, with `kernel`').optional(),
  cmdline: lineField.optional().describe("Kernel command line added to the guest's own"),
  disk: path(
    'Own disk image (qcow2 or raw), booted by its own loader unless `kernel` is given. It is never written to: what the guest writes goes into an overlay',
  ).optional(),
  persist: z
    .boolean()
    .default(false)
    .describe('Does the overlay of `disk` outlast the lab, so that the next `up` goes on from it?'),
  cloud_init: z
    .union([z.boolean(), cloudInitField], {
      error:
        'write `false` for a disk without cloud-init, or settings such as `{ packages: [frr] }`',
    })
    .optional()
    .describe(
      'What cloud-init sets up in the system of `disk` besides name, addresses, routes, MTUs and VLANs; `false` where that has no cloud-init',
    ),
  memory: memoryField.default('256MiB').describe('Main memory'),
  vcpus: z.int().min(1).max(64).default(1).describe('Virtual processors'),
  machine: word.default('pc').describe('QEMU machine type'),
  cpu: word.optional().describe('CPU model; `host-passthrough` needs KVM'),
  agent: z.boolean().default(true).describe('Does the guest run qemu-guest-agent?'),
});

/** A virtual machine as it was read. */
export type VmSpec = z.output<typeof vmFields>;

/** The guest template that a virtual machine runs, nothing where it has a kernel or a disk of its own. */
export const templateOf = ({
  guest = DEFAULT_GUEST,
  kernel,
  disk,
}: Pick<VmSpec, 'guest' | 'kernel' | 'disk'>): string | undefined =>
  kernel === undefined && disk === undefined ? guest : undefined;

/** What cloud-init is told, if a virtual machine has a disk whose system has it. */
export const cloudInitOf = ({
  disk,
  cloud_init: written = true,
}: Pick<VmSpec, 'disk' | 'cloud_init'>): CloudInit | undefined => {
  if (disk === undefined || written === false) return undefined;
  return written === true ? cloudInitField.parse({}) : written;
};
