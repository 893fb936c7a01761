import { chooseAccelerator, overriddenAccelerator } from '../../guests/accelerator.js';
import { locateGuest } from '../../guests/cache.js';
import { bad, defineCheck, good } from './define.js';

/** The guest whose kernel is booted. */
const GUEST = 'mini';

export const kvm = defineCheck({
  name: 'kvm',
  title: 'KVM boots a guest',
  doc: 'With KVM a guest boots in about a second. `/dev/kvm` can exist and not serve, so a guest’s kernel is booted with it once, and the outcome remembered.',
  severity: 'warning',
  needs: ['qemu-system-x86_64'],
  async run(_arg, { signal }) {
    const override = overriddenAccelerator();
    if (override) return good(`not tried: PATCHLAB_ACCEL=${override} decides`);
    const image = await locateGuest(GUEST);
    if (image === undefined) {
      return bad(
        `Not tried: the guest image \`${GUEST}\` is not built yet.`,
        `patchlab guest build ${GUEST}`,
      );
    }
    const { accelerator, why } = await chooseAccelerator(image, { ...(signal && { signal }) });
    return accelerator === 'kvm'
      ? good(why)
      : bad(
          `KVM does not serve here, TCG will be used: guests run several times slower (${why})`,
          'modprobe kvm_intel or kvm_amd where the processor has it; inside a virtual machine, switch nested virtualization on in its host',
        );
  },
});
