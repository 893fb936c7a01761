import { stat } from 'node:fs/promises';
import { bad, defineCheck, good } from './define.js';

export const path = defineCheck({
  name: 'path',
  title: 'File or folder is there',
  doc: 'What a `container` node has under `mounts` is a file or folder of this machine. An engine makes no container where it is missing.',
  argument: { meaning: 'path of a file or folder' },
  severity: 'error',
  ofLab: true,
  async run(name) {
    const found = await stat(name).catch(() => undefined);
    return found
      ? good(`\`${name}\` is a ${found.isDirectory() ? 'folder' : 'file'}`)
      : bad(`There is no \`${name}\`.`, 'make it, or write another path under `mounts`');
  },
});
