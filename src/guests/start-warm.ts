import { readFile } from 'node:fs/promises';
import type { LabHosts } from '../apply/hosts/index.js';
import { PatchlabError } from '../errors.js';
import type { Domain } from '../plan/step.js';
import { onMemoryFile } from './memory-file.js';
import { openMonitor } from './monitor.js';
import type { StoredState } from './states.js';

/**
 * Create a domain that goes on from a stored state in place of booting. It runs when this returns; its
 * memory is the stored file, and a copy of each page that it changes. It is nobody yet: see `resume`.
 * A reboot inside boots it by its own XML. On an error the domain may be there; whoever has called destroys it.
 * @param stored - domain that was stored, of the same shape
 * @throws PatchlabError `libvirt/failed` with QEMU's own text where the state does not fit
 */
export async function startWarm(
  domain: Domain,
  stored: { readonly xml: string },
  state: StoredState,
  hosts: LabHosts,
): Promise<void> {
  const devices = withMacs(await readFile(state.devices), stored.xml, domain.xml);
  const { shell } = hosts.agent(domain.name);
  shell.start(devices);
  await hosts.libvirt.create(onMemoryFile(domain.xml, state.memory, 'private'));
  await openMonitor(domain.name, shell).load();
}

/** MAC addresses of a domain's NICs, in the order of its XML. */
const macsOf = (xml: string): readonly Buffer[] =>
  Array.from(xml.matchAll(/<mac address="([^"]*)"\/>/g), ([, mac = '']) =>
    Buffer.from(mac.replaceAll(':', ''), 'hex'),
  );

/**
 * A stored state in which each NIC has the address that the domain gives it: QEMU keeps a NIC's address with
 * the NIC. The addresses in the state were chosen to be found in it.
 */
export function withMacs(state: Uint8Array, stored: string, domain: string): Buffer {
  const bytes = Buffer.from(state);
  const own = macsOf(domain);
  macsOf(stored).forEach((mac, index) => {
    let at = bytes.indexOf(mac);
    if (at < 0 || own[index] === undefined)
      throw new PatchlabError('guest/build', { what: `The state has no NIC ${index}.` });
    for (; at >= 0; at = bytes.indexOf(mac, at + mac.length)) own[index].copy(bytes, at);
  });
  return bytes;
}
