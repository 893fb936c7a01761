import { open, rm } from 'node:fs/promises';
import { awaitAgent } from '../apply/await-agent.js';
import { commandFailed } from '../apply/command.js';
import type { Host } from '../apply/hosts/define.js';
import { openHosts } from '../apply/hosts/index.js';
import { openLibvirt } from '../apply/libvirt.js';
import { logsOf } from '../nodes/logs.js';
import { TEMPLATE_NAME, TEMPLATE_UUID } from '../nodes/template.js';
import { uuid } from '../plan/names.js';
import { onMemoryFile } from './memory-file.js';
import { openMonitor } from './monitor.js';
import type { Work } from './packages.js';
import { reseedProgram } from './reseed.js';
import { insideOf, LOCAL } from '../where.js';

/** Where a stored guest keeps the program of `reseed.ts`, which `resume` calls. */
const RESEED = '/run/patchlab/reseed';

/** Milliseconds in which a guest that has booted is ready to be stored. */
const SETTLE = 20_000;

/** The domain that is booted to be stored, by the key of the shape. No lab's domain can have such a name. */
const templateDomain = (key: string) => {
  const name = `${TEMPLATE_NAME}-${key}`;
  return { node: 'template', name, uuid: uuid(name) };
};

/** Boot a guest with its memory in a file, write out the rest of its state, and end it. */
export async function storeGuest(
  key: string,
  xml: string,
  to: { readonly memory: string; readonly devices: string },
  work: Work,
): Promise<void> {
  const domain = templateDomain(key);
  const own = xml.replaceAll(TEMPLATE_NAME, domain.name).replace(TEMPLATE_UUID, domain.uuid);
  const hosts = openHosts({ domains: [{ ...domain, xml: own }] });
  const file = await open(to.devices, 'w', 0o600);
  const { shell } = hosts.agent(domain.name);
  try {
    shell.start(file.fd);
    await hosts.libvirt.create(onMemoryFile(own, to.memory, 'shared'));
    await awaitAgent(hosts, domain.name, work.signal ?? new AbortController().signal);
    await settle(hosts.at(insideOf(LOCAL, 'template')), work.signal);
    await openMonitor(domain.name, shell).save();
    work.signal?.throwIfAborted();
  } finally {
    await hosts.close();
    await file.close();
    await endTemplate(key);
  }
}

/** End the domain of a shape that is being stored, or was when its patchlab was killed. */
export async function endTemplate(key: string): Promise<void> {
  const { name, uuid: id } = templateDomain(key);
  const libvirt = openLibvirt();
  try {
    await libvirt.destroy(id);
  } finally {
    libvirt.close();
  }
  for (const path of Object.values(logsOf(name))) await rm(path, { force: true });
}

/** Bring a guest to where every guest of its shape can go on. */
async function settle(guest: Host, signal: AbortSignal | undefined): Promise<void> {
  const octal = Array.from(reseedProgram(), (byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  const script = [
    'set -e',
    `printf '${octal.join('')}' >${RESEED}`,
    `chmod 755 ${RESEED}`,
    // Tried here, so that a guest that cannot do it is never stored.
    `${RESEED} </dev/urandom`,
    '[ -p /run/patchlab/resume ]',
  ];
  const input = `${script.join('\n')}\n`;
  const result = await guest.run({ argv: ['sh'], input, timeout: SETTLE, signal });
  if (result.exitCode !== 0) throw commandFailed(result);
}
