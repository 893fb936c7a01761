import { PatchlabError } from '../../errors.js';
import { cacheOfLibvirt } from './folders.js';
import { tryCommand } from '../command.js';

/**
 * The libvirt of a holder: a daemon of the user's, in the namespaces that the holder keeps, with folders of its own. Where it
 * runs it is root of the namespaces, and libvirt tells its two modes apart by the number of the user alone (virConnectValidateURIPath,
 * src/util/virconf.c; geteuid in src/remote/remote_daemon.c), so that it is reached as `qemu:///system`: what `qemu:///session` is for
 * a user, with the taps of the user's own network. It starts with the first lab that has guests, and ends with its holder.
 */

/** Milliseconds until it answers; asking QEMU what it can do comes later. */
const LIMIT = 30_000;

/**
 * Guests run as the user, who is all that there is in the namespaces: there is no other user to become, nobody to give a file to, and no
 * cgroup of the machine's to write to. https://libvirt.org/drvqemu.html, qemu.conf
 */
const QEMU = `user = "+0"
group = "+0"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
cgroup_controllers = [ ]
namespaces = [ ]
stdio_handler = "file"
`;

/** libvirtd.conf: who can reach the socket is the user. */
const DAEMON = `auth_unix_rw = "none"
unix_sock_rw_perms = "0700"
unix_sock_dir = "/run/libvirt"
`;

/**
 * Arguments: qemu.conf, libvirtd.conf, a folder for what libvirt remembers of QEMU. One at a time; the lock ends with the shell. Its folders hide
 * those of the machine, whose daemon is out of reach.
 */
const START = `set -e
exec 9>/run/libvirt.lock
flock 9
! virsh -q -c qemu:///system uri >/dev/null 2>&1 || exit 0
if ! [ -e /run/libvirt.folders ]; then
  for folder in /etc/libvirt /var/lib/libvirt /var/log/libvirt; do mount -t tmpfs -o mode=755 libvirt "$folder"; done
  mkdir -p "$3" /run/libvirt
  mkdir -m 700 /var/log/libvirt/qemu
  mount --bind "$3" /var/cache/libvirt
  : >/run/libvirt.folders
fi
printf %s "$1" >/etc/libvirt/qemu.conf
printf %s "$2" >/etc/libvirt/libvirtd.conf
exec libvirtd --daemon 9>&-
`;

/** Have the libvirt of this holder run. @throws PatchlabError `libvirt/unreachable` with what its daemon said */
export async function startOwnLibvirt(signal?: AbortSignal): Promise<void> {
  const argv = ['sh', '-c', START, 'libvirt', QEMU, DAEMON, cacheOfLibvirt()];
  const { exitCode, stderr } = await tryCommand(argv, { timeout: LIMIT, signal });
  if (exitCode === 0) return;
  throw new PatchlabError('libvirt/unreachable', {
    what: 'No libvirt could be started for guests of this user.',
    why: stderr.trim(),
    fix: 'Install what is missing of libvirt (Debian: `apt-get install libvirt-daemon-system`); `libvirtd` says more in the foreground.',
  });
}
