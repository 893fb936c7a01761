import { readFile } from 'node:fs/promises';

/** What libvirt's QEMU driver reads from its configuration, as far as patchlab depends on it. */
export interface QemuConf {
  /** The user and the group as which virtual machines run: a name, or a number behind `+`. */
  readonly user: string;
  readonly group: string;
  /** Whether virtlogd writes the output of QEMU (the default), so that no virtual machine starts without it. */
  readonly logd: boolean;
}

/** A user or a group as other programs take it: without what tells a number from a name. */
export const asId = (name: string): string => name.replace(/^\+/, '');

const PATH = '/etc/libvirt/qemu.conf';

/** @param text - the contents of `/etc/libvirt/qemu.conf`, whose comments give the defaults */
export function parseQemuConf(text: string): QemuConf {
  const value = (key: string) =>
    new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*"?([^"#\\n]*?)"?[ \\t]*(#.*)?$`, 'm').exec(text)?.[1];
  return {
    user: value('user') ?? 'libvirt-qemu',
    group: value('group') ?? 'libvirt-qemu',
    logd: value('stdio_handler') !== 'file',
  };
}

/** The configuration of this host; the defaults where there is none or it may not be read. */
export const readQemuConf = async (): Promise<QemuConf> =>
  parseQemuConf(await readFile(PATH, 'utf8').catch(() => ''));
