/** trafgen(8) of netsniff-ng: sends frames octet by octet. */

/** Longest frame that trafgen sends without `--jumbo-support`, in octets. */
const LONGEST = 2048;
/** Zeros at the end of a frame from which on they are written as a count. */
const RUN = 8;

/**
 * By the path of every other program (`--qdisc-path`): trafgen's own short way goes past the captures on the sending
 * device. The rest keeps it from tuning the machine.
 */
const PROGRAM = ['trafgen', '--qdisc-path', '--notouch-irq', '--no-sock-mem', '--cpus', '1'];
const JUMBO = '--jumbo-support';
/** By way of sendto(2): what a device without Ethernet is given from a ring has no octets where the kernel reads what packet it is. */
export const BARE = ['--gap', '1us'] as const;

/** A frame in the language of trafgen: `{0x01,0x80,fill(0x00,30)}`. */
export function packetText(bytes: Uint8Array): string {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const zeros = bytes.length - end;
  const written = zeros < RUN ? bytes : bytes.subarray(0, end);
  const parts = Array.from(written, (byte) => `0x${byte.toString(16).padStart(2, '0')}`);
  return `{${[...parts, ...(zeros < RUN ? [] : [`fill(0x00,${zeros})`])].join(',')}}`;
}

/**
 * Arguments that send a frame once. A frame that the device refuses (EMSGSIZE) is left out without a word, and the exit
 * code is 0.
 * @param bare - no header of Ethernet stands before it
 */
export const trafgen = (device: string, frame: Uint8Array, bare = false): readonly string[] => [
  ...PROGRAM,
  ...(frame.length > LONGEST ? [JUMBO] : []),
  ...(bare ? BARE : []),
  ...['--num', '1', '--out', device, packetText(frame)],
];
