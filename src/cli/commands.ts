import type { CliCommand } from './define.js';

/** A command as the help lists it. Its file is loaded when the command is run. */
export interface Entry {
  /** Name and positional arguments: `<needed>`, `[optional]`, `[rest..]`, `[many...]`. */
  readonly usage: string;
  readonly describe: string;
  /** Words that people write for it who know other tools. */
  readonly also?: readonly string[];
  /** It runs as whoever calls it: never in namespaces of a user who is not root. */
  readonly asIs?: true;
  readonly load: () => Promise<CliCommand<never>>;
}

/** Every command, in the order of the help. */
export const commands: readonly Entry[] = [
  {
    usage: 'up <file>',
    describe:
      'Build a lab, or change one that is up to what its file has now. Twice changes nothing; Ctrl-C takes back what was done',
    also: ['apply', 'build', 'create', 'deploy', 'start'],
    load: async () => (await import('./up.js')).up,
  },
  {
    usage: 'verify <lab>',
    describe:
      'Prove the cables of a lab that is up: send, watch every hop, say where frames died and why',
    also: ['check', 'prove', 'test'],
    load: async () => (await import('./verify.js')).verify,
  },
  {
    usage: 'trace <from> <to>',
    describe: 'Send one frame through a lab that is up and follow it hop by hop, with times',
    also: ['follow', 'traceroute'],
    load: async () => (await import('./trace.js')).trace,
  },
  {
    usage: 'capture <lab> [place...]',
    describe: 'What crosses many hops of a lab that is up, as it comes: for Wireshark, or as text',
    also: ['dump', 'sniff', 'tcpdump', 'tshark', 'wireshark'],
    load: async () => (await import('./capture.js')).capture,
  },
  {
    usage: 'neighbors <lab>',
    describe:
      'Whom each port of a lab that is up hears by LLDP, next to the cables of its topology',
    also: ['neighbours', 'lldp'],
    load: async () => (await import('./neighbors.js')).neighbors,
  },
  {
    usage: 'cut <link...>',
    describe: 'Pull the cables of links of a lab that is up: no carrier at any end, until `plug`',
    also: ['disconnect', 'pull', 'sever', 'unplug'],
    load: async () => (await import('./cut.js')).cut,
  },
  {
    usage: 'plug <link...>',
    describe: 'Plug the cables again that `cut` has pulled',
    also: ['mend', 'reconnect', 'replug'],
    load: async () => (await import('./cut.js')).plug,
  },
  {
    usage: 'patch <panel> [end...]',
    describe:
      'Move patches of a panel of a lab that is up: no frame of other patches is lost; or list them',
    also: ['crossconnect', 'move', 'repatch', 'rewire'],
    load: async () => (await import('./patch.js')).patch,
  },
  {
    usage: 'impair <link...>',
    describe:
      'Delay, lose, slow, double, reorder or damage what ends of links send in a lab that is up, or stop that',
    also: ['delay', 'loss', 'netem', 'qos', 'rate', 'shape', 'tc'],
    load: async () => (await import('./impair.js')).impair,
  },
  {
    usage: 'flows <bridge>',
    describe:
      'The flows of Open vSwitch bridges of a lab that is up, with their counters; which of them decide on a frame',
    also: ['dump-flows', 'openflow', 'ofctl'],
    load: async () => (await import('./flows.js')).flows,
  },
  {
    usage: 'down [lab]',
    describe: 'Take a lab down, also one that a crash left half-built. The host is as before',
    also: ['clean', 'cleanup', 'delete', 'destroy', 'remove', 'rm', 'stop'],
    load: async () => (await import('./down.js')).down,
  },
  {
    usage: 'prune',
    describe:
      'Find what killed patchlabs have left, say why it is taken for theirs, ask, and remove it',
    also: ['gc', 'leftovers', 'sweep', 'tidy'],
    load: async () => (await import('./prune.js')).prune,
  },
  {
    usage: 'status [lab]',
    describe: 'What of a lab is really there, with the names that things have on the host',
    also: ['inspect', 'show'],
    load: async () => (await import('./status.js')).status,
  },
  {
    usage: 'restart <lab> [node...]',
    describe: 'End nodes of a lab that is up and start them again, with all that is in them',
    also: ['reboot', 'reset', 'bounce'],
    load: async () => (await import('./restart.js')).restart,
  },
  {
    usage: 'list',
    describe: 'The labs of this host',
    also: ['ls', 'ps'],
    load: async () => (await import('./status.js')).list,
  },
  {
    usage: 'exec <node> [command..]',
    describe: 'Run a command in a node or inner namespace; the exit code is the command’s',
    also: ['run'],
    load: async () => (await import('./exec.js')).exec,
  },
  {
    usage: 'console <node>',
    describe: 'The serial console of a guest, or a shell in a namespace; Ctrl-] leaves a console',
    also: ['attach', 'connect', 'login', 'shell', 'ssh'],
    load: async () => (await import('./console.js')).console_,
  },
  {
    usage: 'logs <node>',
    describe:
      'What the programs that run in a node have said, and what a guest wrote on its console',
    also: ['log', 'journal', 'journalctl'],
    load: async () => (await import('./logs.js')).logs,
  },
  {
    usage: 'matrix <kind>',
    describe:
      'Measure a link kind: build every setting of it, send every frame class both ways, compare with the model',
    load: async () => (await import('./matrix.js')).matrix,
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
    usage: 'guest build <name>',
    describe: 'Build a guest image into the cache, unless it is there',
    asIs: true,
    load: async () => (await import('./guest.js')).build,
  },
  {
    usage: 'guest list',
    describe: 'What the cache holds: images, and stored states that guests start from',
    asIs: true,
    load: async () => (await import('./guest.js')).list,
  },
  {
    usage: 'guest prune',
    describe: 'Remove from the cache what is of no use any more',
    asIs: true,
    load: async () => (await import('./guest.js')).prune,
  },
];

/** Name of a command: the words before its arguments. */
export const nameOf = ({ usage }: Pick<Entry, 'usage'>): string => usage.replace(/ [<[].*$/, '');
