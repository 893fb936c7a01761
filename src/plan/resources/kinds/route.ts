import { defineResource, ip } from '../define.js';

/** A route: in the words of ip-route(8). */
export const route = defineResource<{ readonly words: readonly string[] }>({
  type: 'route',
  noun: 'route',
  stage: () => 'inside',
  make: ({ words }) => [ip('route', 'add', ...words)],
  remove: ({ words }) => [ip('route', 'del', ...words)],
});
