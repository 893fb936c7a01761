import { defineTool } from './define.js';

/** Any other program. */
export const exec = defineTool({
  name: 'exec',
  max: 1,
  group: () => undefined,
  batch: ([command]) => ({ argv: command?.argv ?? [] }),
});
