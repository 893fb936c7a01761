import { defineTool } from './define.js';
import { virsh } from './virsh.js';

/** A transient domain. Standard input must be a pipe or a file: virsh cannot open a socket by its name. */
export const createDomain = defineTool({
  name: 'create-domain',
  max: 1,
  group: () => undefined,
  batch: ([command]) => ({ argv: virsh('create', '/dev/stdin'), input: command?.xml ?? '' }),
});

export const destroyDomain = defineTool({
  name: 'destroy-domain',
  max: 1,
  group: () => undefined,
  batch: ([command]) => ({ argv: virsh('destroy', command?.domain ?? '') }),
});

/** One question to the guest's agent, which fails until the agent answers. */
export const awaitAgent = defineTool({
  name: 'await-agent',
  max: 1,
  group: () => undefined,
  batch: ([command]) => ({
    argv: virsh('qemu-agent-command', command?.domain ?? '', '{"execute":"guest-ping"}'),
  }),
});
