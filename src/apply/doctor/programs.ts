import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bad, type CheckContext, type Diagnosis } from './define.js';

/** Where Debian puts programs for root, which a plain `su` leaves out of PATH. */
const ROOT_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Debian package of each program that is not named like its package. */
const PACKAGES: Readonly<Record<string, string>> = {
  arping: 'iputils-arping',
  bridge: 'iproute2',
  dnsmasq: 'dnsmasq-base',
  busybox: 'busybox-static',
  docker: 'docker.io',
  flock: 'util-linux',
  id: 'coreutils',
  ip: 'iproute2',
  ladvdc: 'ladvd',
  libvirtd: 'libvirt-daemon-system',
  lsns: 'util-linux',
  mausezahn: 'netsniff-ng',
  modprobe: 'kmod',
  nft: 'nftables',
  nsenter: 'util-linux',
  mkfifo: 'coreutils',
  'osken-manager': 'python3-os-ken',
  'ovs-appctl': 'openvswitch-switch',
  'ovs-ofctl': 'openvswitch-switch',
  'ovs-vsctl': 'openvswitch-switch',
  'ovs-vswitchd': 'openvswitch-switch',
  'ovsdb-server': 'openvswitch-switch',
  ping: 'iputils-ping',
  'qemu-img': 'qemu-utils',
  'qemu-system-x86_64': 'qemu-system-x86',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  ss: 'iproute2',
  ssh: 'openssh-client',
  sysctl: 'procps',
  tc: 'iproute2',
  teamd: 'libteam-utils',
  teamnl: 'libteam-utils',
  trafgen: 'netsniff-ng',
  unshare: 'util-linux',
  virsh: 'libvirt-clients',
  virtlogd: 'libvirt-daemon-system',
  wg: 'wireguard-tools',
};

/** The Debian package that brings a program. */
const packageOf = (program: string): string => PACKAGES[program] ?? program;

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function findIn(directories: readonly string[], name: string): Promise<string | undefined> {
  if (name.startsWith('/')) return (await isProgram(name)) ? name : undefined;
  for (const directory of directories) {
    const path = join(directory, name);
    if (await isProgram(path)) return path;
  }
  return undefined;
}

/** The path at which PATH finds a program; an empty entry is the current directory (POSIX, XBD 8.3). */
export const findProgram = (name: string, env: CheckContext['env']): Promise<string | undefined> =>
  findIn(
    (env['PATH'] ?? '/usr/bin:/bin').split(':').map((directory) => directory || '.'),
    name,
  );

/** The same, with the directories in which a daemon lies whatever the user's PATH is. */
export const findDaemon = async (
  name: string,
  env: CheckContext['env'],
): Promise<string | undefined> =>
  (await findProgram(name, env)) ?? (await findIn(ROOT_DIRECTORIES, name));

/** Why PATH does not find a program, and what to do. */
export async function missing(name: string): Promise<Diagnosis> {
  const path = await findIn(ROOT_DIRECTORIES, name);
  return path === undefined
    ? bad(`The program \`${name}\` is not installed.`, `apt-get install ${packageOf(name)}`)
    : bad(`\`${path}\` is installed, but not in PATH.`, `export PATH="$PATH:/usr/sbin:/sbin"`);
}
