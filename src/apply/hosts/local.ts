import { inNamespace } from '../../plan/tools/index.js';
import type { Host, HostCommand } from './define.js';
import { runScript } from './script.js';
import { createSpawner } from './spawner.js';

const spawner = createSpawner();

const run = ({ argv, netns, ...options }: HostCommand) =>
  spawner.run(inNamespace(argv, netns, 'nsenter'), options);

/** This machine. */
export const localHost: Host = {
  name: 'local',
  run,
  series: (commands, options) => runScript(run, commands, 'nsenter', options),
};
