import type { Entry } from './entry.js';

/** What builds labs and works on those that are up. */
export const labCommands: readonly Entry[] = [
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
    usage: 'watch <lab>',
    describe:
      'What becomes of a lab that is up: carriers, neighbours, guests, cables and impairments, as they change',
    also: ['events', 'monitor', 'top'],
    load: async () => (await import('./watch.js')).watch,
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
];
