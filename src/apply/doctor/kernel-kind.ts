import { randomInt } from 'node:crypto';
import { ownNetwork } from '../own-network.js';
import { bad, type CheckContext, defineCheck, type Diagnosis, good, saying } from './define.js';
import { KERNEL_KINDS, type KernelKind } from './kernel-kinds.js';
import { hasModule } from './kernel-module.js';

const LOWER = 'lower';
const makeLower = `link add name ${LOWER} type veth peer name lower-peer`;

/**
 * The input of `ip -batch` that makes a device. It gets a high index of its own: a macvtap's character
 * device is `/dev/tapINDEX` whatever its namespace is, and must not stand in the way of a macvtap of
 * the host that has the same index. Nothing removes it, for that takes 20 ms and more; the kernel does
 * so in the background when the namespace ends.
 */
const batch = (make: string): readonly string[] => [
  ...(make.includes('LOWER') ? [makeLower] : []),
  make.replace('LOWER', LOWER).replace('INDEX', String(randomInt(2 ** 30, 2 ** 31 - 1))),
];

async function refusal(name: string, kind: KernelKind | undefined, context: CheckContext) {
  const found = `This kernel makes no device of the kind \`${name}\``;
  if (kind === undefined)
    return bad(`${found}, and patchlab does not know it.`, 'name a kind that Linux has');
  return (await hasModule(kind.module, context))
    ? bad(`${found}, though there is a module for it.`, `modprobe ${kind.module}`)
    : bad(
        `${found}: it has neither CONFIG_${kind.config} nor a module ${kind.module}.`,
        `this kernel lacks CONFIG_${kind.config}: boot one that has it (Debian: apt-get install linux-image-amd64), or let a guest hold the lab, whose kernel has it: \`patchlab up --in-guest\``,
      );
}

export const kernelKind = defineCheck({
  name: 'kernel-kind',
  title: 'Kernel makes devices of this kind',
  doc: 'Links and devices are made by the kernel, and not every kernel was built with every kind. A lab with a kind that the kernel lacks cannot be built.',
  argument: { meaning: 'kind as in `ip link add type`, or `tun` or `tap`' },
  severity: 'error',
  kernel: (name) => KERNEL_KINDS[name],
  needs: ['unshare', 'ip'],
  async run(name, context): Promise<Diagnosis> {
    if (!/^[\w-]+$/.test(name)) throw new TypeError(`no kind of a device: ${name}`);
    const kind = KERNEL_KINDS[name];
    const lines = batch(kind?.make ?? `link add name probe type ${name}`);
    // The namespace belongs to the process alone: it has no name and goes with it, however it ends.
    const result = await context.run([...ownNetwork(), 'ip', '-batch', '-'], {
      input: lines.map((line) => `${line}\n`).join(''),
    });
    if (result.exitCode === 0) return good('one was made');
    const failed = lines[Number(/Command failed -:(\d+)/.exec(result.stderr)?.[1] ?? NaN) - 1];
    if (failed !== makeLower && /Unknown device type|not supported/i.test(result.stderr)) {
      return refusal(name, kind, context);
    }
    return bad(
      `\`${failed === undefined ? 'unshare --net' : `ip ${failed}`}\` failed: ${saying(result)}`,
      failed === makeLower
        ? 'mend `kernel-kind:veth` first'
        : 'run patchlab as root outside of containers, or in one with --privileged',
    );
  },
});
