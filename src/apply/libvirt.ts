import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PatchlabError } from '../errors.js';
import { openVirshShell, type VirshShell } from './hosts/virsh-shell.js';
import { makeScratch } from './scratch.js';

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
  /** Plug a device into a domain that runs, by its XML. */
  plug(domain: string, xml: string): Promise<void>;
  /** Ask a domain to let go of a device, by its XML. */
  unplug(domain: string, xml: string): Promise<void>;
  /** The state of a domain as `virsh domstate` says it; nothing where there is none. */
  state(name: string): Promise<string | undefined>;
  /** Its XML as it runs, with what libvirt has added. */
  xml(name: string): Promise<string | undefined>;
  list(): Promise<readonly DomainEntry[]>;
  close(): void;
}

/** Calls that run side by side. */
const LANES = 4;
/** Milliseconds for a question, and for what QEMU has to do first. */
const [QUESTION, ACTION] = [10_000, 55_000];

/**
 * libvirt by virsh(1), of which some are kept running. Its library would do, but a call of it cannot be given up: with a
 * libvirtd that hangs, neither would its caller ever end. Nothing is started before the first call that needs it.
 */
export function openLibvirt(uri = libvirtUri()): Libvirt {
  const shells: VirshShell[] = [];
  const idle: VirshShell[] = [];
  const waiting: ((shell: VirshShell) => void)[] = [];
  let silent: PatchlabError | undefined;

  /** A virsh that does nothing else: an idle one, one more, or the first that is free. */
  function take(): VirshShell | Promise<VirshShell> {
    const free = idle.pop();
    if (free) return free;
    if (shells.length === LANES) return new Promise((resolve) => void waiting.push(resolve));
    const shell = openVirshShell(uri);
    shells.push(shell);
    return shell;
  }

  function giveBack(shell: VirshShell): void {
    const next = waiting.shift();
    if (next) next(shell);
    else idle.push(shell);
  }

  async function call(what: string, words: readonly string[], limit: number): Promise<string> {
    const shell = await take();
    try {
      // After one call that waited in vain no other one waits.
      if (silent) throw silent;
      return await shell.run(words, limit);
    } catch (error) {
      const { code, why = '', cause } = error as PatchlabError;
      if (cause instanceof PatchlabError && cause.code === 'command/timeout')
        silent = error as PatchlabError;
      throw code === 'libvirt/unreachable'
        ? new PatchlabError(code, { what: `libvirt does not answer at ${uri}.`, why, cause: error })
        : new PatchlabError('libvirt/failed', {
            what: `libvirt could not ${what}.`,
            ...{ why, cause: error },
          });
    } finally {
      giveBack(shell);
    }
  }

  const ask = (what: string, ...words: readonly string[]): Promise<string> =>
    call(what, words, QUESTION);

  /** A call that takes XML, which virsh reads from a file. */
  async function give(what: string, xml: string, ...words: readonly string[]): Promise<void> {
    const folder = makeScratch();
    try {
      const file = join(folder, 'xml');
      writeFileSync(file, xml, { mode: 0o600 });
      await call(what, [...words, '--file', file], ACTION);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  return {
    uri,
    create: (xml) =>
      give(`start domain \`${/<name>(.*?)<\/name>/.exec(xml)?.[1] ?? ''}\``, xml, 'create'),
    destroy: async (uuid) =>
      (await ifFound(call(`stop domain ${uuid}`, ['destroy', uuid], ACTION))) !== undefined,
    plug: (domain, xml) =>
      give(`plug a NIC into domain \`${domain}\``, xml, 'attach-device', domain, '--live'),
    unplug: (domain, xml) =>
      give(`unplug a NIC from domain \`${domain}\``, xml, 'detach-device', domain, '--live'),
    state: (name) => ifFound(ask(`tell the state of \`${name}\``, 'domstate', name)),
    xml: (name) => ifFound(ask(`describe \`${name}\``, 'dumpxml', name)),
    async list() {
      const text = await ask('list its domains', 'list', '--all', '--uuid', '--name');
      return [...text.matchAll(/^(\S+)\s+(.*?)\s*$/gm)].map(([, uuid = '', name = '']) => ({
        name,
        uuid,
      }));
    },
    close() {
      for (const shell of shells) shell.close();
    },
  };
}

/** The answer of a call about a domain; nothing where there is no such domain. virsh tells it in words alone. */
async function ifFound(call: Promise<string>): Promise<string | undefined> {
  try {
    return await call;
  } catch (error) {
    const { code, why = '' } = error as PatchlabError;
    const isGone = /^(failed to get domain .*|.*Domain not found.*|.*domain is not running)$/i;
    if (code === 'libvirt/failed' && why.split('\n').some((line) => isGone.test(line))) return;
    throw error;
  }
}
