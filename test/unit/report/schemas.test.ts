import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.js';
import { resultSchemas } from '../../../src/report/schemas/index.js';

describe('the shapes of results', () => {
  it('are those of all commands but the one that is a terminal, and of an error', () => {
    const names = commands.map(({ usage }) => usage.replace(/ [<[].*/, ''));
    const printing = names.filter((name) => name !== 'console');
    expect(Object.keys(resultSchemas).sort()).toEqual([...printing, 'error'].sort());
  });
});
