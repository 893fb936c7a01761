import { readFile } from 'node:fs/promises';
import { bad, defineCheck, good, saying } from './define.js';

/** Settings of the kernel that keep users from namespaces, by their path, with the value that allows them. */
const SETTINGS: readonly (readonly [
  path: string,
  denies: (value: number) => boolean,
  allow: string,
])[] = [
  ['kernel/unprivileged_userns_clone', (value) => value === 0, '1'],
  ['kernel/apparmor_restrict_unprivileged_userns', (value) => value === 1, '0'],
  ['user/max_user_namespaces', (value) => value === 0, '10000'],
  ['user/max_net_namespaces', (value) => value === 0, '10000'],
];

/** The command that lets users have namespaces. */
export async function userNamespaceRemedy(): Promise<string> {
  const commands = await Promise.all(
    SETTINGS.map(async ([path, denies, allow]) => {
      const text = await readFile(`/proc/sys/${path}`, 'utf8').catch(() => '');
      const denied = text !== '' && denies(Number(text));
      return denied ? [`sysctl -w ${path.replace('/', '.')}=${allow}`] : [];
    }),
  );
  const [first, ...more] = commands.flat();
  return first === undefined
    ? 'run patchlab as root; in a container, as root of one with --privileged'
    : `as root: ${[first, ...more].join('; ')}`;
}

/** A user who is not root, and owns nothing. */
const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

export const userNamespaces = defineCheck({
  name: 'user-namespaces',
  title: 'Labs without root',
  doc: 'Users who are not root build labs of namespaces in a user namespace of their own. Some systems forbid that: by `kernel.unprivileged_userns_clone`, by `user.max_user_namespaces`, by AppArmor (`kernel.apparmor_restrict_unprivileged_userns`), and containers do.',
  severity: 'warning',
  needs: ['unshare', 'nsenter', 'perl'],
  async run(_arg, context) {
    const who = process.geteuid?.() === 0 ? NOBODY : [];
    // Making one is allowed also where AppArmor then lets it do nothing.
    const result = await context.run([
      ...[...who, 'unshare', '--user', '--map-root-user', '--net', '--mount'],
      ...['mount', '-t', 'tmpfs', 'none', '/tmp'],
    ]);
    return result.exitCode === 0
      ? good('a user who is not root can have namespaces of his own')
      : bad(
          `A user who is not root can have no namespaces of his own: ${saying(result)}`,
          await userNamespaceRemedy(),
        );
  },
});
