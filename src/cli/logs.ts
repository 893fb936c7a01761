import { withHosts } from '../apply/session.js';
import { EXIT, PatchlabError } from '../errors.js';
import type { NodeInside } from '../nodes/define.js';
import { logsOf } from '../nodes/logs.js';
import { processFiles } from '../plan/process-scripts.js';
import type { Where } from '../plan/step.js';
import { hostNameOf, hostOf, isOnMachine } from '../where.js';
import { attachLocal, PASSED_ON } from './attach.js';
import { attachGuest } from './attach-guest.js';
import { defineCommand, UsageError } from './define.js';
import { findStack, insideNode, labOption } from './places.js';

interface Arguments {
  readonly node: string;
  readonly lines: number | undefined;
  readonly follow: boolean;
  readonly lab?: string;
}

/** What something of a node writes. */
interface Log {
  readonly program: string;
  readonly path: string;
  readonly where: Where;
  /** Shows it, where it is no file. */
  readonly show?: NodeInside['log']['show'];
}

/** Lines of each that are shown unless somebody says how many. */
const LINES = 20;

export const logs = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    node: {
      describe: '`ctl`, or `ctl/c1` for an inner namespace; `LAB/ctl` where several have it',
      takes: 'stack',
    },
  },
  options: {
    lines: {
      type: 'number',
      alias: 'n',
      describe: `The last so many lines of each; ${LINES} when left out`,
    },
    follow: { type: 'boolean', alias: 'f', describe: 'Go on with what is written, until Ctrl-C' },
    ...labOption,
  },
  examples: [['$0 logs ctl', 'what its controller says']],
  async run({ node: ref, lines = LINES, follow, lab }, context) {
    const { stored, node, stack } = await findStack(ref, lab);
    const domain = stored.plan.domains.find((one) => one.node === node.name);
    const into = domain ? undefined : await insideNode(stored, node, stack);
    const all: readonly Log[] = [
      ...(into ? [{ ...into.log, where: stored.lab.machine }] : []),
      ...node.programs
        .filter((one) => one.stack === stack.id)
        .map(({ name }) => ({
          ...{ program: name.split('.').at(-1) ?? '', path: processFiles(name).log },
          where: hostOf(stack.where),
        })),
      ...(domain && stack.namespace === undefined
        ? [{ program: 'console', path: logsOf(domain.name).console, where: stored.lab.machine }]
        : []),
    ];
    if (all.length === 0)
      throw new PatchlabError('lab/no-log', {
        what: `Nothing runs in ${stack.id} that keeps a log.`,
        fix: 'Write what is to run there under `run:` of the node, or look into it with `patchlab exec`.',
      });
    const tail = ['tail', '-n', String(lines)];
    const argvOf = ({ path, show }: Log): readonly string[] =>
      show?.(lines, false) ?? [...tail, path];
    if (follow) {
      if (context.json) throw new UsageError('--follow has no end that --json could tell.');
      const [one] = all;
      const paths = all.filter(({ where }) => one && hostNameOf(where) === hostNameOf(one.where));
      // One that is no file is followed by itself.
      const argv = one?.show?.(lines, true) ?? [
        ...[...tail, '-F'],
        ...paths.map(({ path }) => path),
      ];
      if (!domain || !one || isOnMachine(one.where)) {
        const pass = (on: (signal: NodeJS.Signals) => void) => context.takeSignals(PASSED_ON, on);
        return (await attachLocal(argv, false, pass)).exitCode;
      }
      const ended = await withHosts(stored.plan, (hosts) =>
        attachGuest(hosts.agent(domain.name), argv, { tty: false, keep: false, context }),
      );
      return ended.exitCode;
    }
    const told = await withHosts(stored.plan, (hosts) =>
      Promise.all(
        all.map(async (one) => {
          const { program, path, where } = one;
          const said = await hosts.at(where).run({ argv: argvOf(one), timeout: 10_000 });
          // What a container writes comes as what it wrote it to.
          const text = one.show ? `${said.stdout}${said.stderr}` : said.stdout;
          return { program, path, lines: text.split(/\r*\n/).filter((line) => line !== '') };
        }),
      ),
    );
    if (context.json) context.printJson({ version: 1, node: stack.id, logs: told });
    else
      for (const { program, path, lines: said } of told)
        for (const line of [`${stack.id} ${program} (${path}):`, ...said.map((one) => `  ${one}`)])
          context.print(line);
    return EXIT.ok;
  },
});
