import { ensureGuest } from '../guests/cache.js';
import { pruneCache, readCache, type Cache } from '../guests/kept.js';
import { EXIT } from '../errors.js';
import { defineCommand, type CommandGroup } from './define.js';

const build = defineCommand<{ name: string }>({
  command: 'build <name>',
  describe: 'Build a guest image into the cache, unless it is there',
  positionals: { name: { describe: 'Template from templates/guests/' } },
  examples: [['$0 guest build mini', 'the image that guests have by default']],
  async run({ name }, context) {
    const image = await ensureGuest(name, {
      signal: context.signal,
      onProgress: (line) => context.say(line),
    });
    if (context.json) context.printJson({ version: 1, ...image });
    else context.print(`guest image ${name} is ready: ${image.initrd}`);
    return EXIT.ok;
  },
});

const list = defineCommand({
  command: 'list',
  describe: 'What the cache holds: images, and stored states that guests start from',
  async run(_args, context) {
    const cache = await readCache();
    if (context.json) context.printJson({ version: 1, ...cache });
    else context.print(format(cache) || 'The cache is empty.');
    return EXIT.ok;
  },
});

const prune = defineCommand<{ all: boolean }>({
  command: 'prune',
  describe: 'Remove from the cache what is of no use any more',
  options: {
    all: { type: 'boolean', default: false, describe: 'Remove also what is still of use' },
  },
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

export const guest: CommandGroup = {
  command: 'guest',
  describe: 'Guest images, and the stored states that guests start from',
  commands: [build, list, prune],
};

const mebibytes = (bytes = 0): string => `${Math.round(bytes / 1024 ** 2)} MiB`;

/** A line for each thing of the cache. */
function format({ images, states }: Cache): string {
  const lines = [
    ...images.map(({ name, key, use, bytes, labs }) => {
      const users = labs.length === 0 ? '' : `, used by ${labs.join(', ')}`;
      return ['image', key, use, mebibytes(bytes), `${name}${users}`];
    }),
    ...states.map(({ key, use, bytes, guest: name, memory, vcpus, cards }) => {
      const shape = `${name} with ${mebibytes(memory)}, ${vcpus} vcpus, ${cards} cards`;
      return ['state', key, use, mebibytes(bytes), name === undefined ? '' : shape];
    }),
  ];
  return lines
    .map(([kind = '', key = '', use = '', size = '', what = '']) =>
      [kind, key.padEnd(16), use.padEnd(10), size.padStart(8), '', what].join(' ').trimEnd(),
    )
    .join('\n');
}
