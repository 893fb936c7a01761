import type { Domain, Hypervisor } from '@unraid/libvirt';
import { messageOf, PatchlabError } from '../errors.js';

/** Connection URI of libvirt: https://libvirt.org/uri.html */
export const libvirtUri = (): string => process.env.PATCHLAB_LIBVIRT_URI ?? 'qemu:///system';

interface DomainEntry {
  readonly name: string;
  readonly uuid: string;
}

/** libvirt, as far as labs need it. Every call throws PatchlabError `libvirt/unreachable` or `libvirt/failed` with libvirt's own text. */
export interface Libvirt {
  readonly uri: string;
  /** Make and start a transient domain: it leaves nothing behind when it ends. */
  create(xml: string): Promise<void>;
  /** Stop a domain by force. @returns false where there is none */
  destroy(uuid: string): Promise<boolean>;
  /** The state of a domain as `virsh domstate` says it; nothing where there is none. */
  state(name: string): Promise<string | undefined>;
  /** Its XML as it runs, with what libvirt has added. */
  xml(name: string): Promise<string | undefined>;
  list(): Promise<readonly DomainEntry[]>;
  close(): Promise<void>;
}

/** By the number of virDomainState (libvirt-domain.h), in the words of `virsh domstate`. */
const STATE_WORDS = [
  'no state',
  'running',
  'idle',
  'paused',
  'in shutdown',
  'shut off',
  'crashed',
  'pmsuspended',
] as const;

/**
 * libvirt by its library. The connection is opened by the first call that needs it, and again after it
 * was lost. Calls run in libuv's threads, four at a time unless UV_THREADPOOL_SIZE says otherwise.
 */
export function openLibvirt(uri = libvirtUri()): Libvirt {
  let connection: Promise<Hypervisor> | undefined;

  const call = async <T>(what: string, use: (libvirt: Hypervisor) => Promise<T>): Promise<T> => {
    connection ??= connect(uri);
    const used = connection;
    try {
      return await use(await used);
    } catch (error) {
      if (error instanceof PatchlabError || isLost(error)) {
        if (connection === used) connection = undefined;
      }
      if (error instanceof PatchlabError) throw error;
      throw new PatchlabError('libvirt/failed', {
        what: `libvirt could not ${what}.`,
        why: messageOf(error),
        cause: error,
      });
    }
  };
  const find = <T>(what: string, name: string, use: (domain: Domain) => Promise<T>) =>
    call(what, async (libvirt) => ifFound(async () => use(await libvirt.domainLookupByName(name))));

  return {
    uri,
    create: (xml) =>
      call(`start domain \`${/<name>(.*?)<\/name>/.exec(xml)?.[1] ?? ''}\``, async (libvirt) => {
        await libvirt.domainCreateXML(xml);
      }),
    destroy: (uuid) =>
      call(`stop domain ${uuid}`, async (libvirt) => {
        const stopped = await ifFound(async () => {
          await libvirt.domainDestroy(await libvirt.domainLookupByUUIDString(uuid));
          return true;
        });
        return stopped ?? false;
      }),
    state: (name) =>
      find(`tell the state of \`${name}\``, name, async (domain) => {
        return STATE_WORDS[(await domain.getInfo()).state];
      }),
    xml: (name) => find(`describe \`${name}\``, name, (domain) => domain.getXMLDesc()),
    list: () =>
      call('list its domains', async (libvirt) => {
        const domains = await libvirt.connectListAllDomains();
        return Promise.all(
          domains.map(async (domain) => ({
            name: await domain.getName(),
            uuid: await domain.getUUIDString(),
          })),
        );
      }),
    async close() {
      const used = connection;
      connection = undefined;
      await used?.then((libvirt) => libvirt.connectClose()).catch(() => undefined);
    },
  };
}

async function connect(uri: string): Promise<Hypervisor> {
  try {
    // Loaded when it is needed: a machine without libvirt can still plan and predict.
    const { Hypervisor } = await import('@unraid/libvirt');
    const libvirt = new Hypervisor({ uri });
    await libvirt.connectOpen();
    return libvirt;
  } catch (error) {
    throw new PatchlabError('libvirt/unreachable', {
      what: `libvirt does not answer at ${uri}.`,
      why: messageOf(error),
      cause: error,
    });
  }
}

/** The bindings hand on libvirt's text only, not its error number (VIR_ERR_NO_DOMAIN). */
async function ifFound<T>(use: () => Promise<T>): Promise<T | undefined> {
  try {
    return await use();
  } catch (error) {
    if (/^Domain not found|domain is not running$/i.test(messageOf(error))) return undefined;
    throw error;
  }
}

const isLost = (error: unknown): boolean =>
  /client socket is closed|end of file while reading|Broken pipe/.test(messageOf(error));
