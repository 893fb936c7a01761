import type { Entry } from './entry.js';

/** What reads and writes files, and tells of patchlab and of this host. */
export const fileCommands: readonly Entry[] = [
  {
    usage: 'init [file]',
    describe: 'Write a topology to begin with: one of the labs that come with patchlab, to edit',
    also: ['new', 'scaffold', 'template'],
    asIs: true,
    load: async () => (await import('./init.js')).init,
  },
  {
    usage: 'validate [file...]',
    describe: 'Check topologies: all that `up` would refuse, with its place. Touches nothing',
    also: ['lint', 'check-file'],
    asIs: true,
    load: async () => (await import('./validate.js')).validate,
  },
  {
    usage: 'import <file>',
    describe:
      'Make a topology of one of containerlab or netlab, and tell what stays behind and why',
    also: ['clab', 'containerlab', 'convert', 'netlab'],
    asIs: true,
    load: async () => (await import('./import.js')).import_,
  },
  {
    usage: 'plan <file>',
    describe: 'Show what would be done: a shell script, and the domains as XML. Touches nothing',
    also: ['dry-run', 'render', 'script'],
    asIs: true,
    load: async () => (await import('./plan.js')).plan,
  },
  {
    usage: 'graph <file>',
    describe: 'Draw a topology with every device that its frames cross. Touches nothing',
    also: ['diagram', 'draw', 'picture', 'svg'],
    asIs: true,
    load: async () => (await import('./graph.js')).graph,
  },
  {
    usage: 'predict <file>',
    describe:
      'Who hears whom, class by class, and where and why the rest dies. Reads the file alone',
    also: ['explain', 'model', 'simulate'],
    asIs: true,
    load: async () => (await import('./predict.js')).predict,
  },
  {
    usage: 'doctor',
    describe: 'Check for real what this host can do, and say how to mend what it cannot',
    also: ['diagnose', 'requirements', 'setup'],
    asIs: true,
    load: async () => (await import('./doctor.js')).doctor,
  },
  {
    usage: 'labs',
    describe: 'The labs that come with patchlab, by theme; `up` and others take their names',
    also: ['examples', 'topologies', 'tutorial'],
    asIs: true,
    load: async () => (await import('./labs.js')).labs,
  },
  {
    usage: 'kinds',
    describe:
      'Every kind of link, node, device and probe, with what it needs of the kernel, and who has that: this host or a guest',
    also: ['types'],
    asIs: true,
    load: async () => (await import('./kinds.js')).kinds,
  },
  {
    usage: 'docs [code]',
    describe: 'What the code of an error means, and what to do about it',
    also: ['error', 'errors', 'explain-error'],
    asIs: true,
    load: async () => (await import('./docs.js')).docs,
  },
  {
    usage: 'schema',
    describe: 'The JSON schema of the topology file, for editors, or of results',
    also: ['json-schema', 'jsonschema'],
    asIs: true,
    load: async () => (await import('./schema.js')).schema,
  },
  {
    usage: 'completion <shell> [words..]',
    describe: 'A script by which bash, zsh or fish completes commands, labs, nodes, links and hops',
    also: ['complete', 'completions'],
    asIs: true,
    load: async () => (await import('./completion.js')).completion,
  },
  {
    usage: 'guest build <name>',
    describe: 'Build a guest image into the cache, unless it is there',
    asIs: true,
    load: async () => (await import('./guest.js')).build,
  },
  {
    usage: 'guest list',
    describe: 'What the cache holds: images, and stored states that guests start from',
    load: async () => (await import('./guest.js')).list,
  },
  {
    usage: 'guest prune',
    describe: 'Remove from the cache what is of no use any more',
    load: async () => (await import('./guest.js')).prune,
  },
];
