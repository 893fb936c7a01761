import { inNamespace } from '../../plan/tools/index.js';
import { tryCommand } from '../command.js';
import type { Host } from './define.js';

/** This machine. */
export const localHost: Host = {
  name: 'local',
  run: ({ argv, netns, ...options }) => tryCommand(inNamespace(argv, netns, 'nsenter'), options),
};
