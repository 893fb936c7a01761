import { defineTool } from './define.js';

/** ovs-vsctl(8): several commands are one transaction, all or nothing. */
export const ovsVsctl = defineTool({
  name: 'ovs-vsctl',
  max: 200,
  group: () => '',
  batch: (commands) => ({
    // Without a timeout it waits for ever where ovs-vswitchd does not run.
    argv: ['ovs-vsctl', '--timeout=30', ...commands.flatMap(({ args }) => ['--', ...args])],
  }),
  // A port that could not be opened is a message on stderr and exit code 0.
  succeeded: ({ exitCode, stderr }) =>
    exitCode === 0 && !stderr.includes('Error detected while setting up'),
  failed(commands, stderr) {
    const said = new Set(stderr.split(/[\s"':,()]+/));
    // The message names the bridge, the port or the column; the command that shares most words with it is meant.
    const shared = commands.map(({ args }) => args.filter((word) => said.has(word)).length);
    const most = Math.max(...shared);
    const matches = shared.flatMap((count, index) => (count === most ? [index] : []));
    return most > 0 && matches.length === 1 ? matches : [];
  },
});
