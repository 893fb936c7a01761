import { defineTool } from './define.js';

/** Words that name the versions of OpenFlow that may be spoken; none leaves that to ovs-ofctl(8). */
export const speaking = (versions: string | undefined): readonly string[] =>
  versions === undefined ? [] : ['-O', versions];

/** ovs-ofctl(8): the flows of one bridge as one bundle, all or nothing. */
export const ovsOfctl = defineTool({
  name: 'ovs-ofctl',
  max: 2000,
  group: ({ bridge }) => bridge,
  batch: (commands) => ({
    argv: [
      ...['ovs-ofctl', ...speaking(commands[0]?.versions)],
      ...['--bundle', 'add-flows', commands[0]?.bridge ?? '', '-'],
    ],
    input: commands.map(({ flow }) => `${flow}\n`).join(''),
  }),
  failed: (_, stderr) =>
    Array.from(stderr.matchAll(/^ovs-ofctl: -:(\d+): /gm), (match) => Number(match[1]) - 1),
});
