import { stat } from 'node:fs/promises';
import { bad, type CheckContext, defineCheck, good } from './define.js';
import { isHeld } from '../rootless/folders.js';
import { asId, readQemuConf } from './qemu-conf.js';

export interface FileOwner {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface User {
  readonly uid: number;
  /** All groups, the first one included. */
  readonly gids: readonly number[];
}

/**
 * Whether a user may read and write a file: the first class that fits decides, even where a later
 * one would allow more (POSIX.1-2017, XBD 4.5).
 */
export function mayReadWrite({ mode, uid, gid }: FileOwner, user: User): boolean {
  const bits = user.uid === uid ? mode >> 6 : user.gids.includes(gid) ? mode >> 3 : mode;
  return user.uid === 0 || (bits & 0o6) === 0o6;
}

/** A user by name, or by number behind `+`, with the given group besides their own; `undefined` where there is none such. */
async function lookUp(name: string, group: string, context: CheckContext) {
  const id = async (...args: string[]) => {
    const { exitCode, stdout } = await context.run(['id', ...args]);
    return exitCode === 0 ? stdout.trim().split(' ').map(Number) : undefined;
  };
  const getent = await context.run(['getent', 'group', asId(group)]);
  const user = asId(name);
  const [uid] = (await id('-u', user)) ?? [];
  const gids = await id('-G', user);
  const gid = Number(getent.stdout.split(':')[2] ?? NaN);
  if (uid === undefined || gids === undefined) return undefined;
  return { uid, gids: Number.isNaN(gid) ? gids : [gid, ...gids] };
}

export const kvmPermission = defineCheck({
  name: 'kvm-permission',
  title: 'Virtual machines may use /dev/kvm',
  // virQEMUCapsIsValid in libvirt's src/qemu/qemu_capabilities.c compares what QEMU could do as root with what its own user can.
  doc: 'Where `/dev/kvm` exists and the user of the virtual machines may not open it, libvirt looks at the emulator anew at every start, which then takes more than a minute, also without KVM.',
  severity: 'error',
  needs: ['id', 'getent'],
  async run(_arg, context) {
    const kvm = await stat('/dev/kvm').catch(() => undefined);
    if (kvm === undefined) return good('there is no `/dev/kvm`');
    // There, libvirt and its guests are the same user.
    if (isHeld()) return good('virtual machines are those of this user');
    const { user, group } = await readQemuConf();
    const account = await lookUp(user, group, context);
    if (account === undefined) {
      return bad(
        `There is no user \`${user}\`, as whom libvirt runs virtual machines.`,
        'apt-get install libvirt-daemon-system',
      );
    }
    const mode = (kvm.mode & 0o777).toString(8).padStart(4, '0');
    return mayReadWrite(kvm, account)
      ? good(`\`${user}\` may read and write \`/dev/kvm\``)
      : bad(
          `\`/dev/kvm\` has mode ${mode}, user ${kvm.uid} and group ${kvm.gid}, so that \`${user}\` may not use it.`,
          `chown root:kvm /dev/kvm; chmod 660 /dev/kvm`,
        );
  },
});
