import { execa } from 'execa';
import { withHosts } from '../apply/session.js';
import { readLab, readLabs } from '../apply/status.js';
import { libvirtUri } from '../apply/libvirt.js';
import type { Stored } from '../apply/state.js';
import { EXIT, PatchlabError } from '../errors.js';
import type { LabNode, Stack } from '../topology/lab.js';
import { didYouMean } from '../topology/suggest.js';
import { defineCommand, UsageError } from './define.js';

interface Found {
  readonly stored: Stored;
  readonly node: LabNode;
  readonly stack: Stack;
}

/** A node or inner namespace of a lab that is up; `--lab` is needed where several labs have one of that name. */
async function findStack(ref: string, lab: string | undefined): Promise<Found> {
  const labs = lab === undefined ? await readLabs() : [await readLab(lab)];
  const all = labs.flatMap((stored) =>
    stored.lab.nodes.flatMap((node) => node.stacks.map((stack) => ({ stored, node, stack }))),
  );
  const found = all.filter(({ stack }) => stack.id === ref);
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new PatchlabError('lab/unknown-node', {
    what: first
      ? `Several labs have a node \`${ref}\`: ${found.map(({ stored }) => stored.lab.name).join(', ')}.`
      : `No lab that is up has a node \`${ref}\`.`,
    fix: first
      ? 'Say which one with --lab.'
      : didYouMean(
          ref,
          all.map(({ stack }) => stack.id),
        ),
  });
}

const options = {
  lab: { type: 'string', describe: 'Lab, where several have such a node' },
} as const;

export const exec = defineCommand<{ node: string; lab?: string; '--'?: string[] }>({
  command: 'exec <node>',
  describe: 'Run a command in a node or inner namespace; the exit code is the command’s',
  positionals: { node: { describe: '`sw1`, or `sw1/c1` for an inner namespace' } },
  options,
  examples: [
    ['$0 exec sw1 -- ip -br addr', 'addresses in a guest'],
    ['$0 exec sw1/c1 -- ping -c 3 10.1.0.2', 'from a container behind it'],
  ],
  async run({ node, lab, '--': argv = [] }, context) {
    if (argv.length === 0)
      throw new UsageError('Give the command after `--`, as in `patchlab exec sw1 -- ip link`.');
    const { stored, stack } = await findStack(node, lab);
    return withHosts(stored.plan, async (hosts) => {
      const { host, netns } = stack.where;
      const result = await hosts.at({ host }).run({ argv, netns, signal: context.signal });
      if (context.json) context.printJson({ version: 1, node, ...result });
      else {
        process.stdout.write(result.stdout);
        process.stderr.write(result.stderr);
      }
      return result.exitCode;
    });
  },
});

export const console_ = defineCommand<{ node: string; lab?: string }>({
  command: 'console <node>',
  describe: 'The serial console of a guest, or a shell in a namespace; Ctrl-] leaves a console',
  positionals: { node: { describe: '`sw1`, or `ns1/c1`' } },
  options,
  async run({ node: ref, lab }) {
    const { stored, node, stack } = await findStack(ref, lab);
    const domain = stored.plan.domains.find((candidate) => candidate.node === node.name);
    const argv = domain
      ? ['virsh', '-q', '-c', libvirtUri(), 'console', domain.name]
      : ['ip', 'netns', 'exec', stack.where.netns ?? '', process.env.SHELL ?? '/bin/sh'];
    const [file = '', ...args] = argv;
    const { exitCode } = await execa(file, args, { stdio: 'inherit', reject: false });
    return exitCode ?? EXIT.unknown;
  },
});
