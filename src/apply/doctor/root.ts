import { isHeld } from '../rootless/folders.js';
import { bad, defineCheck, good } from './define.js';

export const root = defineCheck({
  name: 'root',
  title: 'Runs as root',
  doc: 'Network devices and namespaces are made by root alone. Without it labs are built in user namespaces, guests and all; `plan` and predictions need no root.',
  severity: 'error',
  run() {
    const uid = process.geteuid?.();
    return Promise.resolve(
      uid === 0
        ? good(`effective user id 0${isHeld() ? ', in namespaces of a user who is not root' : ''}`)
        : bad(
            `The effective user id is ${uid ?? 'unknown'}, not 0.`,
            'run patchlab as root, e.g. with sudo, or let users have namespaces: see user-namespaces',
          ),
    );
  },
});
