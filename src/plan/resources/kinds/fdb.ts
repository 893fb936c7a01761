import { defineResource, type Act } from '../define.js';
import { readFrom, sameIp } from '../look.js';

interface Entry {
  readonly device: string;
  readonly mac: string;
  /** Address of the end of the tunnel. */
  readonly remote: string;
}

const entry = (verb: 'append' | 'del', { device, mac, remote }: Entry): Act => ({
  do: { tool: 'exec', argv: ['bridge', 'fdb', verb, mac, 'dev', device, 'dst', remote] },
});

/** A static entry in the forwarding table of a tunnel: bridge(8) `fdb`. */
export const fdb = defineResource<Entry>({
  type: 'fdb',
  noun: 'forwarding entry',
  stage: () => 'inside',
  make: (wanted) => [entry('append', wanted)],
  remove: (wanted) => [entry('del', wanted)],
  questions: (_, where) => [{ where, what: 'fdb' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'fdb'), wanted, (rows) =>
      rows.some(
        ({ ifname, mac, dst }) =>
          ifname === wanted.device && mac === wanted.mac && sameIp(String(dst), wanted.remote),
      )
        ? wanted
        : undefined,
    ),
});
