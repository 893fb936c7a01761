import { entries } from './entry.js';

/** Errors of the usage, of the host, and of everything that runs on it. */
export const runErrors = entries({
  // capture
  'capture/not-pcap': {
    exit: 3,
    meaning: 'What should be a capture is none: mostly, tcpdump ended before it began to capture.',
    remedy: 'Run tcpdump on the device by hand and look at what it says.',
  },
  'capture/link-type': {
    exit: 3,
    meaning: 'A capture was made on a device that carries neither Ethernet frames nor IP packets.',
    remedy: 'Capture on another device, and on one at a time: not on `any`.',
  },
  'capture/damaged': {
    exit: 3,
    meaning: 'A capture makes no sense from some place on; what comes after cannot be found.',
    remedy: 'Look whether something else wrote into it, and capture again.',
  },
  'capture/filter': {
    exit: 2,
    meaning: 'A filter of `patchlab capture` that tcpdump does not take. Nothing was started.',
    remedy: 'Write it as pcap-filter(7) has it, as in `arp or icmp`.',
  },
  'capture/nowhere': {
    exit: 3,
    meaning: 'Of what was asked for there is nothing that could be captured on.',
    remedy: 'Look with `patchlab status` what of the lab is there.',
  },
  // usage
  'lab/unknown-place': {
    exit: 2,
    meaning: 'A hop, link or node that the lab does not have.',
    remedy: 'Take one of those that the message names, or of `patchlab status`.',
  },
  'lab/unknown-node': {
    exit: 2,
    meaning: 'A node that no lab, or more than one lab, that is up has.',
    remedy: 'Correct the name, or say which lab is meant with --lab.',
  },
  'lab/no-log': {
    exit: 2,
    meaning: 'A node in which nothing runs that keeps a log.',
    remedy: 'Name a node with `run:` or a controller, or a guest.',
  },
  'link/unknown': {
    exit: 2,
    meaning: 'A link kind, or a setting of one, that patchlab does not have.',
    remedy: 'Take one of those that the message names, or of docs/reference/links.md.',
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
  // host
  'host/not-root': {
    exit: 4,
    meaning: 'A command, or a lab, needs the root of this machine, and another user ran it.',
    remedy:
      'Run it with `sudo`. Most labs, and `plan`, `predict` and `graph` of a file, need no root.',
  },
  'host/not-of-root': {
    exit: 4,
    meaning: 'Somebody else than root could change the program that root is to run.',
    remedy: 'Install patchlab where root alone may write, such as /opt, and run it from there.',
  },
  'host/no-user-namespaces': {
    exit: 4,
    meaning:
      'Without root, labs are in namespaces of their user, which this system or container does not allow.',
    remedy: 'Do what the message says, or run the command with `sudo`.',
  },
  'host/lacks': {
    exit: 4,
    meaning: 'The host lacks something that the lab needs; nothing was touched.',
    remedy: 'Run the commands that the message lists, then `patchlab doctor`.',
  },
  'host/no-room': {
    exit: 3,
    meaning:
      'No temporary files or pipes can be made: a file system is full, has no inodes left, or may not be written to.',
    remedy: 'Make room where the message says, or name other folders with PATCHLAB_RUN and TMPDIR.',
  },
  'host/silent': {
    exit: 4,
    meaning: 'A daemon of the host that a lab stands on does not answer.',
    remedy: 'Start it, or end and start it anew if it hangs; `patchlab doctor FILE` names it.',
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
    meaning: 'The lab is up, but not as its file has it now.',
    remedy: 'Run `patchlab up` with the file: it changes what differs.',
  },
  'lab/half-built': {
    exit: 2,
    meaning: 'The lab is only partly there: it is being built or removed, or that was broken off.',
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
      'Run `patchlab down` with the name of the lab: it removes what it can find of it. The file was changed by hand or by another version.',
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
  'guest/nic': {
    exit: 3,
    meaning:
      'A guest that runs did not take a NIC that was plugged in, or did not let go of one that was unplugged.',
    remedy:
      'Look at what the guest does (`patchlab console`). A guest that starts anew has the NICs of its topology: `patchlab down`, then `patchlab up`.',
  },
  // command
  'command/interrupted': {
    exit: 3,
    meaning: 'Ctrl-C or a signal ended patchlab, or the reader of its output went away.',
    remedy: 'Run it again.',
  },
  'output/failed': {
    exit: 3,
    meaning: 'What patchlab prints, or a file that it was asked for, could not be written.',
    remedy: 'Look at the reason: mostly the disk is full, or the folder belongs to somebody else.',
  },
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
