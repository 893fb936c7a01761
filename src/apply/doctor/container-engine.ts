import { containerEngine } from '../../containers/index.js';
import { bad, defineCheck, good, saying } from './define.js';
import { findProgram, missing } from './programs.js';

export const containerEngineCheck = defineCheck({
  name: 'container-engine',
  title: 'Container engine works',
  doc: 'A `container` node is run by the command line of its engine, which must be there, and its daemon, where it has one, must answer.',
  argument: { meaning: 'name of an engine' },
  severity: 'error',
  async run(name, context) {
    const { title, version, remedy } = containerEngine(name);
    if ((await findProgram(name, context.env)) === undefined) return missing(name);
    const result = await context.run(version);
    const [said = ''] = /\d[\w.+~-]*/.exec(result.stdout) ?? [];
    return result.exitCode === 0
      ? good(`${title} ${said}`)
      : bad(`${title} does not answer: ${saying(result)}`, remedy);
  },
});
