import { libvirtUri } from '../apply/libvirt.js';
import { inNamespace } from '../plan/tools/index.js';
import { attachLocal, PASSED_ON } from './attach.js';
import { defineCommand } from './define.js';
import { findStack, insideNode, labOption } from './places.js';

export const console_ = defineCommand<{ node: string; lab?: string }>({
  needsRoot: true,
  positionals: {
    node: {
      describe: '`sw1`, or `ns1/c1`; `LAB/sw1` where several labs have such a node',
      takes: 'stack',
    },
  },
  options: labOption,
  examples: [['$0 console sw1', 'log in to a guest; Ctrl-] leaves']],
  async run({ node: ref, lab }, context) {
    const { stored, node, stack } = await findStack(ref, lab);
    const domain = stored.plan.domains.find((candidate) => candidate.node === node.name);
    const into = await insideNode(stored, node, stack);
    const argv = domain
      ? ['virsh', '-q', '-c', libvirtUri(), 'console', domain.name]
      : (into?.shell(promptOf(stack.id)) ??
        inNamespace(shellNamed(stack.id), stack.where.netns, 'ip'));
    if (domain && !context.json) context.say(`${ref}: console of the guest; Ctrl-] leaves.`);
    const { exitCode } = await attachLocal(argv, false, (pass) =>
      context.takeSignals(PASSED_ON, pass),
    );
    return exitCode;
  },
});

/** A shell whose prompt names the node. Files of the user that set a prompt of their own are left out. */
const shellNamed = (id: string): readonly string[] => [
  ...['env', `PS1=${promptOf(id)}`, 'bash', '--norc', '--noprofile', '-i'],
];

const promptOf = (id: string): string => `[${id}] \\w # `;
