import { messageOf } from '../../errors.js';
import { readHead, refusalOf } from '../disk-formats.js';
import { bad, defineCheck, good } from './define.js';
import { asId, readQemuConf } from './qemu-conf.js';

export const diskImage = defineCheck({
  name: 'disk-image',
  title: 'Disk image can be booted',
  doc: 'The `disk` of a guest is a file in a format that QEMU boots, qcow2 or raw, which the user of the virtual machines may read: it stays whose it is.',
  argument: { meaning: 'path of an image' },
  severity: 'error',
  ofLab: true,
  needs: ['setpriv'],
  async run(path, context) {
    let refusal;
    try {
      refusal = refusalOf(path, await readHead(path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const what = code === 'ENOENT' ? `There is no file \`${path}\`.` : messageOf(error);
      return bad(what, 'write the path of a disk image at `disk`');
    }
    if (refusal) return bad(refusal.what, refusal.mend);
    const { user, group } = await readQemuConf();
    const ids = [`--reuid=${asId(user)}`, `--regid=${asId(group)}`, '--init-groups'];
    const { exitCode } = await context.run(['setpriv', ...ids, 'test', '-r', path]);
    return exitCode === 0
      ? good(`\`${path}\``)
      : bad(
          `\`${user}\`, as whom libvirt runs virtual machines, may not read \`${path}\`.`,
          `chmod o+r ${path}, and o+x the folders that it is in`,
        );
  },
});
