import { defineResource } from '../define.js';

const remove = ({ path }: { readonly path: string }) => [
  { do: { tool: 'remove-file', path } as const },
];

/** A file that another program will write: it begins anew, and goes with the lab. */
export const logFile = defineResource<{ readonly path: string }>({
  type: 'log-file',
  noun: 'log',
  stage: () => 'devices',
  lasting: true,
  make: remove,
  remove,
});
