import type { CauseKind } from './define.js';

/** A checksum that the sender left to a NIC which did not write it: the receiver throws the packet away. */
export const checksum: CauseKind = {
  name: 'checksum',
  doc: 'A packet came to its end with a checksum that is unfinished, because transmit offload is on at its sender and nothing on the way did the rest, and the stack there counts packets with wrong ones.',
  find({ leg, legs, lastSeen, before, stackOf }) {
    const [end] = leg.path;
    const sent = legs[legs.indexOf(leg) - 1];
    const at = sent?.from;
    const wrong = end && (stackOf(end)?.wrongChecksums ?? 0);
    if (lastSeen >= 0 || !at || before?.checksum !== 'unfinished' || !wrong) return undefined;
    return {
      at,
      reason: `The ${sent.name} came to ${sent.to.label} with an unfinished checksum: ${at.label} leaves it to its NIC to write (transmit offload), nothing on the way does, and ${end.stack} throws such packets away (${wrong} so far).`,
      remedy: `Turn it off: \`ethtool -K ${at.device} tx off\` in ${at.stack}.`,
      source:
        'Linux Documentation/networking/checksum-offloads.rst; net/ipv4/tcp_ipv4.c: tcp_v4_rcv (InCsumErrors); ethtool(8) -K',
    };
  },
};
