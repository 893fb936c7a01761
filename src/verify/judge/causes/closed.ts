import type { CauseKind } from './define.js';

/** A port at which nobody listens: its stack says so, so that nothing was lost. */
export const closed: CauseKind = {
  name: 'closed',
  doc: 'Nobody listens at the port: a captured RST or ICMP port unreachable says so.',
  find({ leg, lastSeen, note }) {
    const [at] = leg.path;
    return lastSeen < 0 && at && note?.refusal ? { at, ...note.refusal } : undefined;
  },
};
