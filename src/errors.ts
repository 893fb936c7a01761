/**
 * Every error that patchlab raises on purpose has a code from this one table. The table feeds the
 * messages, the exit code of the command line and docs/reference/errors.md.
 */

/** Exit codes of every command. 1 is no error: a verdict was not as expected. */
export const EXIT = { ok: 0, verdict: 1, usage: 2, unknown: 3, host: 4 } as const;

export interface ErrorEntry {
  /** Exit code: 2 the topology or the usage is wrong, 3 could not find out, 4 the host lacks something. */
  readonly exit: 2 | 3 | 4;
  /** When this error is raised and why it matters, for the documentation. */
  readonly meaning: string;
  /** What the user does about it in general; a message may carry a sharper one. */
  readonly remedy: string;
}

const table = <T extends Record<string, ErrorEntry>>(entries: T): T => entries;

export const errorTable = table({
  // capture
  'capture/not-pcap': {
    exit: 3,
    meaning: 'What should be a capture is none: mostly, tcpdump ended before it began to capture.',
    remedy: 'Run tcpdump on the device by hand and look at what it says.',
  },
  'capture/link-type': {
    exit: 3,
    meaning: 'A capture was made on a device that carries no Ethernet frames, such as a tunnel.',
    remedy: 'Capture on an Ethernet device, and on one at a time: not on `any`.',
  },
  'capture/damaged': {
    exit: 3,
    meaning: 'A capture makes no sense from some place on; what comes after cannot be found.',
    remedy: 'Look whether something else wrote into it, and capture again.',
  },
  // usage
  'lab/unknown-node': {
    exit: 2,
    meaning: 'A node that no lab, or more than one lab, that is up has.',
    remedy: 'Correct the name, or say which lab is meant with --lab.',
  },
  'usage/accelerator': {
    exit: 2,
    meaning: 'The environment variable PATCHLAB_ACCEL has a value that it cannot have.',
    remedy: 'Set it to auto, kvm or tcg, or leave it out.',
  },
  // guest images
  'guest/unknown': {
    exit: 2,
    meaning: 'A guest template that `templates/guests/` does not have.',
    remedy: 'Correct the name, or add the template.',
  },
  'guest/definition': {
    exit: 2,
    meaning: 'The `guest.yaml` of a guest template is wrong.',
    remedy: 'Mend what the message names.',
  },
  'guest/build': {
    exit: 3,
    meaning: 'A guest image could not be built from its packages.',
    remedy: 'Mend the template; `patchlab guest build NAME` tries again.',
  },
  // topology
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
  'topology/duplicate-key': {
    exit: 2,
    meaning: 'A key stands twice in one mapping; YAML would silently take one of them.',
    remedy: 'Remove or rename one of them.',
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
    meaning: 'Two devices claim the same port or device, such as two bridges one member.',
    remedy: 'Take it out of one of them.',
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
  // host
  'host/lacks': {
    exit: 4,
    meaning: 'The host lacks something that the lab needs; nothing was touched.',
    remedy: 'Run the commands that the message lists, then `patchlab doctor`.',
  },
  'host/unreadable': {
    exit: 3,
    meaning: 'A program of the host answered in a form that patchlab does not know.',
    remedy: 'Look at what the program prints; its version may be too old or too new.',
  },
  // lab
  'lab/unknown': {
    exit: 2,
    meaning: 'No lab of this name is up on this host.',
    remedy: 'Run `patchlab list` for the labs of this host.',
  },
  'lab/differs': {
    exit: 2,
    meaning: 'The lab is up, but from another version of its topology.',
    remedy: 'Run `patchlab down` for it, then `patchlab up` again.',
  },
  'lab/busy': {
    exit: 3,
    meaning: 'Another patchlab is building or removing this lab right now.',
    remedy: 'Wait until it has ended, then try again.',
  },
  'lab/state': {
    exit: 3,
    meaning: 'What patchlab has stored about a lab cannot be read.',
    remedy:
      'Look at the file that the message names; it was changed by hand or by another version.',
  },
  // apply
  'apply/taken': {
    exit: 4,
    meaning: 'Something of the host has a name that the lab needs; nothing was touched.',
    remedy: 'Remove what the message names if it is yours, or give the lab another name.',
  },
  'apply/step': {
    exit: 3,
    meaning: 'A step of the plan failed; what had been built was removed again.',
    remedy: 'Read the message of the command; `patchlab doctor` finds what the host lacks.',
  },
  'apply/aborted': {
    exit: 3,
    meaning: 'Building the lab was broken off; what had been built was removed again.',
    remedy: 'Run `patchlab up` again.',
  },
  'apply/foreign': {
    exit: 4,
    meaning: 'Something has the name of a thing of the lab but not its mark; it was left alone.',
    remedy: 'Look at what the message names, and remove it by hand if it is yours.',
  },
  'apply/left': {
    exit: 3,
    meaning: 'Something of the lab could not be removed.',
    remedy: 'Read the message of the command, then run `patchlab down` again.',
  },
  // libvirt
  'libvirt/failed': {
    exit: 3,
    meaning: 'libvirt refused what patchlab asked for.',
    remedy: "Read libvirt's message; the log of a domain is /var/log/libvirt/qemu/DOMAIN.log.",
  },
  'libvirt/unreachable': {
    exit: 4,
    meaning: 'No libvirt answers at the connection URI.',
    remedy: 'Start libvirt (`systemctl start libvirtd`, or `libvirtd -d`), then `patchlab doctor`.',
  },
  // guest agent
  'guest/agent': {
    exit: 3,
    meaning: 'The QEMU guest agent of a guest does not answer, or not in time.',
    remedy: 'Look at the console of the guest: `virsh console DOMAIN`.',
  },
  'guest/died': {
    exit: 3,
    meaning: 'A guest stopped running while patchlab waited for it.',
    remedy: 'Read the end of its log below the message; mostly its kernel or memory is to blame.',
  },
  // command
  'command/failed': {
    exit: 3,
    meaning: 'A program that patchlab ran ended with an error.',
    remedy: 'Read its message below the command; run the command by hand to try again.',
  },
  'command/missing': {
    exit: 4,
    meaning: 'A program that patchlab needs is not installed.',
    remedy: 'Run `patchlab doctor`; it names the package to install.',
  },
  'command/timeout': {
    exit: 3,
    meaning: 'A program did not end within its time.',
    remedy: 'Look whether the host is overloaded, then try again.',
  },
});

export type ErrorCode = keyof typeof errorTable;

export interface ErrorDetails {
  /** What is wrong, one sentence, with the names of the things concerned. */
  readonly what: string;
  /** Why it is wrong, where that is not plain from `what`. */
  readonly why?: string;
  /** What to do, sharper than the table's remedy. */
  readonly fix?: string;
  /** The error below this one. */
  readonly cause?: unknown;
  /** Further errors of the same operation, e.g. of a teardown that kept going. */
  readonly others?: readonly unknown[];
}

/** An error that patchlab raises on purpose: what happened, why, and what to do. */
export class PatchlabError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly why: string | undefined;
  readonly fix: string;
  readonly others: readonly unknown[];

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.what, { cause: details.cause });
    this.name = 'PatchlabError';
    this.code = code;
    this.what = details.what;
    this.why = details.why;
    this.fix = details.fix ?? errorTable[code].remedy;
    this.others = details.others ?? [];
  }

  get exitCode(): number {
    return errorTable[this.code].exit;
  }
}

/** The message of anything that was thrown, for a line of a report. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
