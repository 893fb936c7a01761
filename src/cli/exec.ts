import { isatty } from 'node:tty';
import { withHosts } from '../apply/session.js';
import { inNamespace } from '../plan/tools/index.js';
import { attachLocal, PASSED_ON, type AttachedEnd } from './attach.js';
import { attachGuest } from './attach-guest.js';
import { argvOf, bytesOf } from './bytes.js';
import { defineCommand, UsageError } from './define.js';
import { isTerminal } from './output.js';
import { findStack, insideNode, labOption } from './places.js';
import { withTerminal } from './terminal.js';

interface Arguments {
  readonly node: string;
  readonly command: readonly string[];
  readonly lab?: string;
  readonly tty: boolean;
}

export const exec = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    node: {
      describe:
        '`sw1`, or `sw1/c1` for an inner namespace; `LAB/sw1` where several labs have such a node',
      takes: 'stack',
    },
    command: { describe: 'Behind `--` where it has flags that are also flags of patchlab' },
  },
  options: {
    ...labOption,
    tty: { type: 'boolean', alias: 't', describe: 'Give the command a terminal of its own' },
  },
  examples: [
    ['$0 exec sw1 -- ip -br addr', 'addresses in a guest'],
    ['$0 exec sw1/c1 -- ping -c 3 10.1.0.2', 'from a container behind it'],
    ["echo hello | $0 exec sw1 -- sh -c 'cat >/tmp/hello'", 'standard input goes with it'],
  ],
  async run({ node: ref, command, lab, tty }, context) {
    if (command.length === 0)
      throw new UsageError(`Name the command too, as in \`patchlab exec ${ref} -- ip -br addr\`.`);
    const { stored, node, stack } = await findStack(ref, lab);
    const argv = argvOf(bytesOf(command));
    const { inside: guest, netns } = stack.where;
    const domain = stored.plan.domains.find(({ node: name }) => name === guest);
    let ended: AttachedEnd;
    if (domain) {
      const inside = inNamespace(argv, netns, 'ip');
      ended = await withHosts(stored.plan, (hosts) =>
        attachGuest(hosts.agent(domain.name), inside, { tty, keep: context.json, context }),
      );
    } else {
      // A terminal that is there already is handed on as it is.
      const own = isTerminal('out') && !context.json;
      const into = await insideNode(stored, node, stack);
      const program = into ? into.exec(argv, tty || (own && isatty(0))) : argv;
      const attached = tty && !own ? withTerminal(program) : program;
      const inside = into ? attached : inNamespace(attached, netns, 'nsenter');
      ended = await attachLocal(inside, context.json, (pass) =>
        context.takeSignals(PASSED_ON, pass),
      );
    }
    if (context.json) context.printJson({ version: 1, node: ref, argv, ...ended });
    return ended.exitCode;
  },
});
