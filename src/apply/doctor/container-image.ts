import { containerEngine } from '../../containers/index.js';
import { bad, defineCheck, good } from './define.js';
import { findProgram, missing } from './programs.js';

export const containerImage = defineCheck({
  name: 'container-image',
  title: 'Container image is there',
  doc: 'Containers are made of images that the engine has. Without `pull: missing` at the node none is fetched.',
  argument: { meaning: 'an engine and an image, such as `docker debian:12`' },
  severity: 'error',
  ofLab: true,
  async run(arg, context) {
    const [engine = '', image = ''] = arg.split(' ');
    if ((await findProgram(engine, context.env)) === undefined) return missing(engine);
    const { title } = containerEngine(engine);
    const argv = [engine, 'image', 'inspect', '--format', '{{.Id}}', image];
    const result = await context.run(argv);
    if (result.exitCode === 0) return good(`\`${result.stdout.trim()}\``);
    return bad(`${title} has no image \`${image}\`.`, `${engine} pull ${image}`);
  },
});
