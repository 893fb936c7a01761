import { inNamespace } from '../../plan/tools/index.js';
import type { Host } from './define.js';
import { createSpawner } from './spawner.js';

const spawner = createSpawner();

/** This machine. */
export const localHost: Host = {
  name: 'local',
  run: ({ argv, netns, ...options }) => spawner.run(inNamespace(argv, netns, 'nsenter'), options),
};
