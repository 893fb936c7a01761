import { container } from './kinds/container.js';
import { netns } from './kinds/netns.js';
import { vm } from './kinds/vm.js';

/** Every node kind. */
export const nodeKinds = [vm, netns, container] as const;
