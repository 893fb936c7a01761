import { join } from 'node:path';
import { EXIT } from '../errors.js';
import { choicesOf } from '../plan/choices.js';
import { stepsToRead } from '../plan/resources/steps.js';
import { withoutSecrets } from '../plan/secret.js';
import { planScript, renderScripts } from '../plan/render-sh.js';
import { defineCommand } from './define.js';
import { writeOut } from './files.js';
import { inGuestOption, planFor } from './planned.js';
import { tellRings } from './rings.js';

interface Options {
  readonly file: string;
  readonly format: 'sh' | 'json';
  readonly out?: string;
  readonly 'in-guest': boolean;
}

export const plan = defineCommand<Options>({
  needsRoot: false,
  positionals: {
    file: {
      describe:
        'Topology, YAML or TypeScript; or the name of a lab that is up, or of one of `patchlab labs`',
      takes: 'topology',
    },
  },
  options: {
    format: {
      type: 'string',
      choices: ['sh', 'json'],
      default: 'sh',
      describe: 'Script to read and run, or data',
    },
    ...inGuestOption,
    out: { type: 'string', describe: 'Write plan.sh, teardown.sh and NODE.xml into this folder' },
  },
  examples: [
    ['$0 plan lldp-direct', 'read what `up` would do'],
    ['$0 plan lldp-direct --out by-hand', 'the scripts, to build it by hand'],
  ],
  async run({ file, format, out, 'in-guest': inGuest }, context) {
    const { lab, wiring, source, ...said } = await planFor(file, context, {
      prepare: false,
      inGuest,
    });
    const planned = withoutSecrets(said.plan);
    const warnings = [...said.warnings, ...tellRings(wiring, source, context)];
    if (out !== undefined) {
      const scripts = renderScripts(lab, planned);
      for (const [name, text] of Object.entries(scripts))
        await writeOut(join(out, name), text, name.endsWith('.sh') ? 0o755 : 0o644);
      context.say(`wrote ${Object.keys(scripts).join(', ')} to ${out}`);
    }
    if (context.json || format === 'json')
      context.printLargeJson({
        ...{ version: 1, ...planned, steps: stepsToRead(planned.resources) },
        ...{ choices: choicesOf(lab), warnings },
      });
    else if (out === undefined) context.printLarge(planScript(lab, planned));
    return EXIT.ok;
  },
});
