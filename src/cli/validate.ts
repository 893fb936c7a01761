import { requireHost } from '../apply/doctor/index.js';
import { EXIT, PatchlabError } from '../errors.js';
import { shownLine } from '../shown.js';
import { defineCommand, UsageError, type Context } from './define.js';
import { inGuestOption, planFor, type PlannedLab } from './planned.js';
import { demandNoRings } from '../plan/rings.js';
import { formatError, jsonError } from './show-error.js';
import { counted, sizeOf } from './size.js';

interface Asked {
  readonly host: boolean;
  readonly 'in-guest': boolean;
}

interface Options extends Asked {
  readonly file: readonly string[];
}

/** What is to say of one file. */
interface Checked {
  readonly file: string;
  readonly planned?: PlannedLab;
  readonly error?: PatchlabError;
}

export const validate = defineCommand<Options>({
  needsRoot: false,
  positionals: {
    file: {
      describe: 'Topologies, YAML or TypeScript; or names of `patchlab labs`',
      takes: 'topology',
    },
  },
  options: {
    host: {
      type: 'boolean',
      describe: 'Check too that this host has what the labs need, as `up` does before it begins',
    },
    ...inGuestOption,
  },
  examples: [
    ['$0 validate lldp-direct namespace-cable', 'all that `up` would refuse; nothing is touched'],
    ['$0 validate namespace-cable --host', 'what this host lacks for it, too'],
  ],
  async run({ file: files, ...asked }, context) {
    if (files.length === 0)
      throw new UsageError(
        '`patchlab validate` needs a file.\nFor example: patchlab validate lab.yaml',
      );
    const all: Checked[] = [];
    for (const file of files) {
      const checked = await check(file, asked, context);
      all.push(checked);
      if (!context.json) context.print(told(checked, context.columns));
    }
    const wrong = all.filter(({ error }) => error);
    if (context.json) context.printJson({ version: 1, files: all.map(jsonOf) });
    else if (all.length > 1)
      context.print(`${counted(all.length, 'file')}: ${wrong.length} with problems`);
    return Math.max(EXIT.ok, ...wrong.map(({ error }) => error?.exitCode ?? EXIT.unknown));
  },
});

/** All that `up` refuses before it touches anything. What is wrong with one file is no reason to leave out the next one. */
async function check(file: string, asked: Asked, context: Context): Promise<Checked> {
  try {
    const planned = await planFor(file, context, { prepare: false, inGuest: asked['in-guest'] });
    demandNoRings(planned.lab, planned.wiring, planned.source);
    if (asked.host) await requireHost(planned.plan.requirements, { signal: context.signal });
    return { file, planned };
  } catch (error) {
    if (!(error instanceof PatchlabError) || context.signal.aborted) throw error;
    return { file, error };
  }
}

const told = ({ file, planned, error }: Checked, columns: number | undefined): string =>
  planned
    ? `${shownLine(file)}: valid, lab ${planned.lab.name} of ${sizeOf({ nodes: planned.lab.nodes.length, links: planned.lab.links.length })}`
    : formatError(error, columns);

const jsonOf = ({ file, planned, error }: Checked): object => ({
  file,
  lab: planned?.lab.name ?? null,
  ...(error ? jsonError(error) : { error: null }),
  warnings: planned?.warnings ?? [],
});
