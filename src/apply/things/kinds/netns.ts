import { readdir } from 'node:fs/promises';
import { labOfMark, markOf } from '../../../plan/names.js';
import { tryCommand } from '../../command.js';
import { namespaceId } from '../../namespace-id.js';
import { defineThing, type Marked } from '../define.js';

/** A network namespace, known by its `namespaceId`, before that by the journal. The alias of its `lo` tells people whose it is. */
export const netns = defineThing({
  type: 'netns',
  noun: 'network namespace',
  mark: (lab) => `the alias of its \`lo\` is ${markOf(lab)}`,
  isQuick: true,
  read(names) {
    const there = names.flatMap((name) => {
      const id = namespaceId(name);
      return id === undefined ? [] : [[name, id] as const];
    });
    return Promise.resolve(new Map(there));
  },
  isOurs(there: string, owned, _lab, { unmarked, namespace }) {
    const made = namespace(owned.name);
    return made === undefined ? unmarked(owned) : made === there;
  },
  /** Those whose `lo` says so. Only names are asked that a lab, or that lab, would give: each takes a process. */
  async marked(lab) {
    const names = await readdir('/run/netns').catch(() => []);
    const begin = lab === undefined ? /^[a-z0-9-]+\./i : new RegExp(`^${lab}\\.`);
    const found = await Promise.all(
      names
        .filter((name) => begin.test(name))
        .map(async (name): Promise<readonly Marked[]> => {
          const { stdout } = await tryCommand(['ip', '-n', name, 'link', 'show', 'dev', 'lo']);
          const of = labOfMark(/^\s+alias (.*)$/m.exec(stdout)?.[1]);
          return of === undefined ? [] : [{ lab: of, owned: { type: 'netns', name } }];
        }),
    );
    return found.flat();
  },
  removal: ({ name }) => ['stacks', { tool: 'ip', args: ['netns', 'del', name] }],
});
