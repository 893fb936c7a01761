import { netns } from './kinds/netns.js';
import { vm } from './kinds/vm.js';

/** Every node kind. */
export const nodeKinds = [vm, netns] as const;
