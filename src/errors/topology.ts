import { entries } from './entry.js';

/** Errors of topology files: nothing was touched yet. */
export const topologyErrors = entries({
  'topology/invalid': {
    exit: 2,
    meaning: 'A topology has problems; each is listed with its place and a code of its own.',
    remedy: 'Mend the problems that are listed and run the command again; nothing was touched.',
  },
  'topology/not-found': {
    exit: 2,
    meaning: 'A topology file does not exist or cannot be read.',
    remedy: 'Check the path; `patchlab list` shows the labs that are up.',
  },
  'topology/file-type': {
    exit: 2,
    meaning: 'The name of a topology file tells of no format that patchlab reads.',
    remedy: 'Use a file that ends in .yaml, .yml, .json, .ts, .mts, .js or .mjs.',
  },
  'topology/module': {
    exit: 2,
    meaning: 'A topology written in TypeScript could not be run.',
    remedy: 'Mend the error that the module raised.',
  },
  'topology/syntax': {
    exit: 2,
    meaning: 'The file is not valid YAML, so nothing in it can be read.',
    remedy: 'Mend the YAML at the place shown.',
  },
  'topology/empty': {
    exit: 2,
    meaning: 'The file holds nothing, or something else than a mapping of keys to values.',
    remedy:
      'Write at least `name:`, `nodes:` and `links:`; `topologies/cables/namespace-cable.yaml` is a small one.',
  },
  'topology/character': {
    exit: 2,
    meaning:
      'A text holds a control character, or one that turns the direction of writing. It would become a command of a script, a command to a terminal, or XML that nobody can read.',
    remedy: 'Remove the character.',
  },
  'topology/alias': {
    exit: 2,
    meaning: 'A YAML alias (`*name`) of an anchor (`&name`) that is not there, or that it is in.',
    remedy: 'Write the value itself.',
  },
  'topology/too-large': {
    exit: 2,
    meaning:
      'Lists and mappings lie more than 100 deep, or the file becomes very large where its aliases are written out.',
    remedy: 'Close what is open, or write the topology in TypeScript, which can repeat things.',
  },
  'topology/duplicate-key': {
    exit: 2,
    meaning: 'A key stands twice in one mapping; YAML would silently take one of them.',
    remedy: 'Remove or rename one of them.',
  },
  'topology/not-in-guest': {
    exit: 2,
    meaning: 'A lab that a guest is to hold has something that only this machine can hold.',
    remedy: 'Build the lab without `--in-guest`, or write another kind.',
  },
  'topology/unknown-key': {
    exit: 2,
    meaning: 'A key that means nothing at this place, often a slip of the pen.',
    remedy: 'Write the key that the message proposes, or remove it.',
  },
  'topology/missing-key': {
    exit: 2,
    meaning: 'A key without which the thing makes no sense.',
    remedy: 'Add the key.',
  },
  'topology/wrong-value': {
    exit: 2,
    meaning: 'A value of the wrong type, form or size.',
    remedy: 'Write a value as the message describes it.',
  },
  'topology/unknown-kind': {
    exit: 2,
    meaning: 'A kind of node, link, device or probe that patchlab does not have.',
    remedy: 'Write one of the kinds; docs/reference lists them.',
  },
  'topology/not-carried': {
    exit: 2,
    meaning:
      'A link is asked to carry a frame class (`carries`) that the model says does not cross it, or no kind of link carries all that `auto` is asked for.',
    remedy: 'Write the settings or the kind that the message names, or ask for less.',
  },
  'topology/unknown-node': {
    exit: 2,
    meaning: 'A reference to a node that the topology does not have.',
    remedy: 'Correct the name, or add the node.',
  },
  'topology/unknown-namespace': {
    exit: 2,
    meaning: 'A reference to an inner namespace that the node does not list under `namespaces`.',
    remedy: 'Correct the name, or add it to `namespaces`.',
  },
  'topology/unknown-device': {
    exit: 2,
    meaning: 'A reference to a port or device that the node does not have.',
    remedy: 'Correct the name, or add the link or device.',
  },
  'topology/unconnected-port': {
    exit: 2,
    meaning: 'A port has settings, but no link ends at it.',
    remedy: 'Let a link end at it, or remove it from `ports`.',
  },
  'topology/port-taken': {
    exit: 2,
    meaning: 'Two links end at the same port.',
    remedy: 'Give one of the links another port.',
  },
  'topology/device-taken': {
    exit: 2,
    meaning:
      'Two devices claim the same port or device, such as two bridges one member, or what it has but once, such as two VLAN devices one tag.',
    remedy: 'Take it out of one of them.',
  },
  'topology/device-circle': {
    exit: 2,
    meaning: 'Devices stand on each other in a circle, so that none can be made first.',
    remedy: 'Let one of them stand on a port.',
  },
  'topology/other-namespace': {
    exit: 2,
    meaning: 'A device claims another that is in a different namespace of the node.',
    remedy: 'Put both into the same namespace.',
  },
  'topology/duplicate-name': {
    exit: 2,
    meaning: 'Two links, namespaces or devices of one stack have the same name.',
    remedy: 'Rename one of them.',
  },
  'topology/reserved-name': {
    exit: 2,
    meaning: 'A port or device has a name that the kernel keeps for itself.',
    remedy: 'Rename it.',
  },
  'topology/duplicate-mac': {
    exit: 2,
    meaning: 'Two ports or devices have the same MAC address, which no segment can tell apart.',
    remedy: 'Change or remove one of them; a MAC that is left out is derived.',
  },
  'topology/duplicate-address': {
    exit: 2,
    meaning: 'The same IP address is given twice in the lab.',
    remedy: 'Change one of them.',
  },
  'topology/not-per-namespace': {
    exit: 2,
    meaning:
      'A kernel setting that a network namespace does not have for itself: it would change the machine.',
    remedy: 'Remove it, or set it in a node that has a kernel of its own (`kind: vm`).',
  },
  'topology/unreachable-gateway': {
    exit: 2,
    meaning:
      'The next hop of a route is in no subnet of the stack, or is an address of its own; the kernel refuses such a route.',
    remedy: 'Write a next hop that a device of the stack reaches.',
  },
  'topology/duplicate-route': {
    exit: 2,
    meaning:
      'A table has a route to the same prefix with the same metric already, or a stack the same rule; the kernel refuses it.',
    remedy: 'Give it another `metric:`, `table:` or `priority:`, or remove it.',
  },
  'topology/end-not-supported': {
    exit: 2,
    meaning: 'A kind of link cannot end in this kind of node.',
    remedy: 'Use one of the kinds that the message names.',
  },
  'topology/no-guest': {
    exit: 2,
    meaning: 'A cable that exists for guests has none at either end.',
    remedy: 'Use `kind: veth` between namespaces.',
  },
  'topology/no-agent': {
    exit: 2,
    meaning: 'Something is to be set up or probed inside a guest that has no agent to do it with.',
    remedy: 'Set `agent: true`, or remove what is meant for the inside of the guest.',
  },
  'topology/no-common-subnet': {
    exit: 2,
    meaning: 'A probe needs addresses of one subnet at both ends, and there are none.',
    remedy: 'Give both ends addresses of one subnet, or remove the probe.',
  },
  'topology/which-device': {
    exit: 2,
    meaning: 'A probe runs on one device, and its end names a stack that has several.',
    remedy: 'Name the device, as in `sw1:eth1`.',
  },
  'topology/packet-filter': {
    exit: 2,
    meaning: 'nft(8) refuses the text of a packet filter.',
    remedy:
      'Write rules as nft reads them from a file; `nft --check --file` tries them by themselves.',
  },
  'topology/loop': {
    exit: 2,
    meaning: 'A broadcast would go round for ever: switches in a ring, and no spanning tree.',
    remedy: 'Set `stp: true` on the bridges of the ring, or take a link out.',
  },
  'topology/no-path': {
    exit: 2,
    meaning: 'Two ends of a probe are not joined at layer 2.',
    remedy: 'Add the link or bridge that joins them, or correct the ends.',
  },
  'topology/unknown-hop': {
    exit: 2,
    meaning: 'The `at` of a check names no device on the path of its probe.',
    remedy: 'Write one of the hops that the message lists.',
  },
  'topology/at-without-blocked': {
    exit: 2,
    meaning: 'A check names the hop where the frame must die, but expects it to arrive.',
    remedy: 'Add `expect: blocked`, or remove `at`.',
  },
});
