import { defineResource, type Act } from '../define.js';
import type { Where } from '../../../where.js';
import { virsh } from '../../tools/virsh.js';
import { devicesOf, readDevice } from '../read-device.js';

interface PulledPlug {
  readonly domain: string;
  readonly mac: string;
  /** Its name in the guest. */
  readonly device: string;
  /** Where the guest itself can be asked: not in one without an agent. */
  readonly inside?: Where;
}

const set = ({ domain, mac }: PulledPlug, state: 'up' | 'down'): Act => ({
  do: { tool: 'exec', argv: virsh('domif-setlink', domain, mac, state) },
});

/**
 * A NIC of a guest without a cable: the guest sees no carrier, and QEMU hands on nothing. A NIC alone tells its guest; what
 * it is plugged into on the host knows nothing of that. (virsh(1) domif-setlink, QEMU net/net.c: qmp_set_link)
 */
export const pulledPlug = defineResource<PulledPlug>({
  type: 'pulled-plug',
  noun: 'pulled plug',
  stage: () => 'attach',
  make: (wanted) => [set(wanted, 'down')],
  remove: (wanted) => [set(wanted, 'up')],
  questions: ({ inside }) => (inside ? devicesOf(inside) : []),
  read: (wanted, look) =>
    wanted.inside === undefined
      ? wanted
      : readDevice(look, wanted.inside, wanted.device, wanted, ({ flags }) =>
          flags.includes('LOWER_UP') ? undefined : wanted,
        ),
});
