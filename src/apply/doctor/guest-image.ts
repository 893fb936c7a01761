import { locateGuest } from '../../guests/cache.js';
import { bad, defineCheck, good } from './define.js';

export const guestImage = defineCheck({
  name: 'guest-image',
  title: 'Guest image is built',
  doc: 'Virtual machines boot an image that is built once out of packages of the distribution. `up` builds one that is missing, which takes its time.',
  argument: { meaning: 'name of a template of guests' },
  severity: 'warning',
  async run(name) {
    const image = await locateGuest(name);
    return image === undefined
      ? bad(`The guest image \`${name}\` is not built yet.`, `patchlab guest build ${name}`)
      : good(`\`${image.initrd}\``);
  },
});
