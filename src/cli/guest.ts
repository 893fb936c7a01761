import { ensureGuest } from '../guests/cache.js';
import { EXIT } from '../errors.js';
import { defineCommand } from './define.js';

export const guest = defineCommand<{ name: string }>({
  command: 'guest build <name>',
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
