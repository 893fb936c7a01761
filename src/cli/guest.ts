import { ensureGuest } from '../guests/cache.js';
import { pruneCache, readCache, type Cache } from '../guests/kept.js';
import { EXIT } from '../errors.js';
import { ownEnvironment } from '../apply/rootless/folders.js';
import { isRoot } from './root.js';
import { defineCommand } from './define.js';

export const build = defineCommand<{ name: string }>({
  needsRoot: false,
  positionals: { name: { describe: 'Template from templates/guests/' } },
  examples: [['$0 guest build mini', 'the image that guests have by default']],
  async run({ name }, context) {
    if (!isRoot()) Object.assign(process.env, ownEnvironment(process.env));
    const image = await ensureGuest(name, {
      signal: context.signal,
      onProgress: (line) => context.say(line),
    });
    if (context.json) context.printJson({ version: 1, ...image });
    else context.print(`guest image ${name} is ready: ${image.initrd}`);
    return EXIT.ok;
  },
});

export const list = defineCommand({
  needsRoot: true,
  examples: [['$0 guest list', 'what the cache holds']],
  async run(_args, context) {
    const cache = await readCache();
    if (context.json) context.printJson({ version: 1, ...cache });
    else context.print(format(cache) || 'The cache is empty.');
    return EXIT.ok;
  },
});

export const prune = defineCommand<{ all: boolean }>({
  needsRoot: true,
  options: {
    all: { type: 'boolean', describe: 'Remove also what is still of use' },
  },
  examples: [['$0 guest prune', 'what nothing needs any more']],
  async run({ all }, context) {
    const removed = await pruneCache(all);
    if (context.json) context.printJson({ version: 1, ...removed });
    else {
      const text = format(removed);
      context.print(text === '' ? 'There was nothing to remove.' : `Removed:\n${text}`);
    }
    return EXIT.ok;
  },
});

const mebibytes = (bytes = 0): string => `${Math.round(bytes / 1024 ** 2)} MiB`;

/** A line for each thing of the cache. */
function format({ images, states }: Cache): string {
  const lines = [
    ...images.map(({ name, key, use, bytes, labs }) => {
      const users = labs.length === 0 ? '' : `, used by ${labs.join(', ')}`;
      return ['image', key, use, mebibytes(bytes), `${name}${users}`];
    }),
    ...states.map(({ key, use, bytes, guest: name, memory, vcpus, nics }) => {
      const shape = `${name} with ${mebibytes(memory)}, ${vcpus} vcpus, ${nics} NICs`;
      return ['state', key, use, mebibytes(bytes), name === undefined ? '' : shape];
    }),
  ];
  return lines
    .map(([kind = '', key = '', use = '', size = '', what = '']) =>
      [kind, key.padEnd(16), use.padEnd(10), size.padStart(8), '', what].join(' ').trimEnd(),
    )
    .join('\n');
}
