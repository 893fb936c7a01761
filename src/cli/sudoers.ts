import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PatchlabError } from '../errors.js';

/** A name of a lab alone: it begins no option, and names no path. */
const NAME = '[A-Za-z0-9][A-Za-z0-9-]*';

/** Folder of labs that root has put there for others. */
const LABS = '/etc/patchlab/labs';

/** What may be run, as sudoers(5) matches arguments: whole, by a POSIX regular expression. */
const ALLOWED: readonly (readonly [args: string, meaning: string])[] = [
  [`^up (${NAME}|${LABS}/${NAME}[.]yaml)( --cold)?( --json)?$`, 'build'],
  [`^verify ${NAME}( --json)?$`, 'prove'],
  [`^status ${NAME}( --json)?$`, 'look at one'],
  ['^list( --json)?$', 'look at all'],
  [`^down ${NAME}( --json)?$`, "remove: anybody's lab of root"],
];

/** A character of a path that has a meaning in sudoers(5). */
const escaped = (path: string): string => path.replace(/[\\,:= !*?[\]"#]/g, '\\$&');

/**
 * Rules of sudoers(5) by which members of group libvirt run what of patchlab stays with root, and nothing that makes them root.
 * @param program - the absolute path of patchlab
 */
export const sudoRules = (
  program: string,
): string => `# Rules of sudoers(5), for sudo 1.9.10 and later: members of group libvirt run these commands of patchlab as root.
# Put them into place:  patchlab doctor --sudoers >/root/patchlab.sudoers && visudo -c -f /root/patchlab.sudoers
#                       install -m 440 /root/patchlab.sudoers /etc/sudoers.d/patchlab
# Labs are those that come with patchlab, and those that root puts into ${LABS}.
# Left out on purpose, because each amounts to root: \`up\` of a file of the user's own (its programs run as root, a topology in
# TypeScript is itself one), \`exec\` and \`console\` (a program in a namespace is root of this machine), \`capture\` and options that
# write files. For these, users have labs of their own without root. Note that libvirt itself trusts its group as it trusts root:
# who is in it may give a guest any disk of this machine.
Cmnd_Alias PATCHLAB = ${ALLOWED.map(([args]) => `${escaped(program)} ${args}`).join(', \\\n  ')}
# In \`/\` nobody but root can put a file whose name would be taken for the name of a lab.
%libvirt ALL = (root:root) CWD=/ NOPASSWD: NOSETENV: PATCHLAB
`;

/**
 * The program that rules may name.
 * @throws PatchlabError `host/not-of-root` where somebody else could put another program in its place
 */
export function programOfRoot(program: string): string {
  const path = realpathSync(program);
  const beside = ['dist', 'topologies'].map((name) => join(dirname(path), '..', name));
  for (const part of [path, realpathSync(process.execPath), ...beside]) demandOfRoot(part);
  return path;
}

function demandOfRoot(path: string): void {
  for (let part = path; ; part = dirname(part)) {
    const { uid, mode } = lstatSync(part);
    // Others may make entries of a folder with the sticky bit, but neither rename nor remove this one.
    const isOpen = (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
    if (uid !== 0 || isOpen)
      throw new PatchlabError('host/not-of-root', {
        what: `No rules are given for ${path}.`,
        why: `${part} ${uid === 0 ? 'may be written to by others than root' : `belongs to user ${uid}`}, who would be root by them`,
      });
    if (part === dirname(part)) return;
  }
}
