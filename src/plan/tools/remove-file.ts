import { defineTool } from './define.js';

/** rm(1); a file that is not there is no error. */
export const removeFile = defineTool({
  name: 'remove-file',
  max: 100,
  group: () => '',
  batch: (commands) => ({ argv: ['rm', '-f', '--', ...commands.map(({ path }) => path)] }),
  failed: (commands, stderr) =>
    commands.flatMap(({ path }, index) => (stderr.includes(`'${path}'`) ? [index] : [])),
});
