import { defineTool } from './define.js';

/** sysctl(8): it goes on after a key that it could not set, and says so at its end. */
export const sysctl = defineTool({
  name: 'sysctl',
  max: 100,
  group: () => '',
  batch: (commands) => ({
    argv: ['sysctl', '-q', '-w', ...commands.map(({ key, value }) => `${key}=${value}`)],
  }),
  failed(commands, stderr) {
    // procps names a missing key by its path and an invalid value by its key.
    const said = new Set(stderr.split(/[\s":,]+/).map(asPath));
    return commands.flatMap(({ key }, index) => (said.has(asPath(key)) ? [index] : []));
  },
});

const asPath = (key: string): string => key.replace(/^\/proc\/sys\//, '').replaceAll('.', '/');
