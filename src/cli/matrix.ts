import { EXIT } from '../errors.js';
import { FRAME_CLASSES, type FrameClass } from '../frames/classes.js';
import { linkKinds } from '../links/index.js';
import { differences, unknowns, type Matrix } from '../matrix/result.js';
import { measure } from '../matrix/run.js';
import { matrixHtml } from '../report/html/matrix.js';
import { formatMatrix } from '../report/terminal/matrix.js';
import { defineCommand, UsageError } from './define.js';
import { formatOf, writeOut } from './files.js';
import { askKernel, kernelOption } from './frame-options.js';
import { showProgress } from './progress.js';
import { startClock } from './timings.js';

interface Arguments {
  readonly kind: string;
  readonly frames?: string;
  readonly settings?: string;
  readonly html?: string;
  readonly kernel: boolean;
}

export const matrix = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    kind: {
      describe: linkKinds.map(({ kind }) => kind).join(', '),
      takes: linkKinds.map(({ kind }) => kind),
    },
  },
  options: {
    frames: { type: 'string', describe: 'Only these frame classes, with commas between' },
    settings: { type: 'string', describe: 'Only these settings, with commas between' },
    html: { type: 'string', describe: 'Write the table into this file, as one HTML page' },
    ...kernelOption,
  },
  examples: [
    ['$0 matrix bridge', 'what a bridge hands on, by its settings'],
    ['$0 matrix macvtap --settings vepa,passthru --frames lldp,unicast-foreign', 'a part of it'],
  ],
  async run({ kind, frames, settings, html, kernel }, context) {
    const classes = classesIn(frames);
    if (html !== undefined) formatOf(html, { '.html': 'html', '.htm': 'html' }, 'tables');
    const progress = showProgress(context, 'build', () => [], startClock());
    let result: Matrix;
    try {
      result = await measure(kind, classes, {
        signal: context.signal,
        kernel: askKernel(kernel, context),
        settings: settings === undefined ? undefined : listOf(settings),
        onEvent: progress.onEvent,
        onProgress: (line) => context.say(line),
      });
    } finally {
      await progress.finish(false);
    }
    if (html !== undefined) await writeOut(html, matrixHtml(result));
    const [wrong, unknown] = [differences(result).length, unknowns(result).length];
    if (context.json) context.printJson({ version: 1, ...result, differences: wrong, unknown });
    else context.print(formatMatrix(result));
    if (unknown > 0) return EXIT.unknown;
    return wrong > 0 ? EXIT.verdict : EXIT.ok;
  },
});

const listOf = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

/** The classes of a list, in the order of all classes. */
function classesIn(text: string | undefined): readonly FrameClass[] {
  if (text === undefined) return FRAME_CLASSES;
  const names = listOf(text);
  const wrong = names.find((name) => !FRAME_CLASSES.some((known) => known === name));
  if (wrong !== undefined)
    throw new UsageError(`No frame class \`${wrong}\`; there are ${FRAME_CLASSES.join(', ')}.`);
  return FRAME_CLASSES.filter((name) => names.includes(name));
}
