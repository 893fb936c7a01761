import type { Finding, FindingKind, Retried } from './define.js';

/** A frame whose fate depends on whether somebody watches. */
export const heisenbug: FindingKind = {
  kind: 'heisenbug',
  doc: 'With `verify --twice`: a frame arrives only while its receiver, or the device of the link before it, is in promiscuous mode, as under a tcpdump without `-p`; or only while it is not.',
  find: ({ again }) => again.filter(({ arrived, watched }) => arrived !== watched).map(tell),
};

function tell({ leg, from, to, watched, watchers }: Retried): Omit<Finding, 'kind'> {
  const at = watchers.join(' and ');
  const frame = `${leg} from ${from} to ${to}`;
  const found = { severity: 'warning', where: [from, to] } as const;
  if (watched === null)
    return {
      ...found,
      what: `${frame} could not be watched in promiscuous mode at ${at}.`,
      why: 'No tcpdump runs there.',
      fix: 'Run `tcpdump -i DEVICE` there by hand and look at what it says.',
    };
  return {
    ...found,
    what: `${frame} ${watched ? 'arrives only while somebody watches' : 'is lost while somebody watches'} in promiscuous mode at ${at}.`,
    why: 'Promiscuous mode switches off the filters of a device: what is measured with it is not what is there without.',
    fix: watched
      ? 'Let the device take the frame on its own: `allmulticast: true` on a macvtap link, or a program at the receiver that joins the group.'
      : 'Watch with `tcpdump -p`.',
  };
}
