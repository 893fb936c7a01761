import { defineResource } from '../define.js';

/** A guest whose agent answers: from then on things can be made inside. */
export const agent = defineResource<{ readonly domain: string }>({
  type: 'agent',
  noun: 'agent',
  stage: () => 'inside',
  make: ({ domain }) => [{ do: { tool: 'await-agent', domain } }],
  remove: () => [],
});
