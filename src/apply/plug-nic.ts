import { setTimeout as sleep } from 'node:timers/promises';
import { PatchlabError } from '../errors.js';
import type { CommandOf } from '../plan/step.js';
import { nicOf } from '../plan/tools/nic.js';
import type { LabHosts } from './hosts/index.js';

/** Milliseconds that a guest has to let go of a NIC; under emulation it takes 0.2 s. */
const DEADLINE = 30_000;
/** Milliseconds until a guest that was asked already is asked again. */
const PAUSE = 200;

/** Why libvirt did not unplug a NIC that the guest is about to let go of, has just let go of, or may let go of when it is asked again. */
const MAY_COME = /already in the process of unplug|device not found|rejected by the guest/;

/**
 * Plug a NIC into a domain that runs. Its kernel sees it some time after this has returned; the macvtap that
 * libvirt makes is there at once.
 * @throws PatchlabError `libvirt/failed` with libvirt's own text
 */
export async function attachNic(
  hosts: LabHosts,
  { domain, xml }: CommandOf<'attach-nic'>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  await hosts.libvirt.plug(domain, xml);
}

/**
 * Unplug a NIC from a domain that runs, and wait until it is gone from there: libvirt only asks the guest to let go
 * of it, and waits five seconds for that. What libvirt had made for it on the host is gone then. A domain or a NIC that is not there is fine.
 * @param deadline - milliseconds
 * @throws PatchlabError `guest/nic` for a guest that does not let go of it, `libvirt/failed`
 */
export async function detachNic(
  hosts: LabHosts,
  { domain, mac }: CommandOf<'detach-nic'>,
  signal: AbortSignal,
  deadline = DEADLINE,
): Promise<void> {
  const end = performance.now() + deadline;
  const isThere = async (): Promise<boolean> =>
    (await hosts.libvirt.xml(domain))?.includes(`<mac address='${mac}'/>`) ?? false;
  while (await isThere()) {
    signal.throwIfAborted();
    const refused = await hosts.libvirt.unplug(domain, nicOf(mac)).catch(asRefusal);
    if (!(await isThere())) return;
    const why = refused?.why;
    if (refused && !MAY_COME.test(why ?? '')) throw refused;
    if (performance.now() > end) {
      const state = (await hosts.libvirt.state(domain)) ?? 'gone';
      const asked = `Its kernel was asked for ${deadline / 1000} s, by ACPI or PCIe hot plug, and has not answered.`;
      throw new PatchlabError('guest/nic', {
        what: `The guest of domain \`${domain}\` does not let go of its NIC ${mac}.`,
        why: `${why ?? asked} The domain is ${state}.`,
      });
    }
    await sleep(PAUSE, undefined, { signal });
  }
}

/** An error of libvirt's as a value. */
function asRefusal(error: unknown): PatchlabError {
  if (error instanceof PatchlabError) return error;
  throw error;
}
