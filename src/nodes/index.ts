import { netns } from './netns.js';
import { vm } from './vm.js';

/** Every node kind. */
export const nodeKinds = [vm, netns] as const;
