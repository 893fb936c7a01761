import { isOwnStack } from '../../../where.js';
import { defineResource, type Act } from '../define.js';
import { readFrom, sameIp } from '../look.js';

interface Entry {
  readonly bridge: string;
  /** The port that the group is handed to. */
  readonly device: string;
  /** An IP address, or the MAC of a group. */
  readonly group: string;
  readonly vlan?: number;
}

const act = (verb: 'add' | 'del', { bridge, device, group, vlan }: Entry): Act => ({
  do: {
    tool: 'exec',
    argv: [
      ...['bridge', 'mdb', verb, 'dev', bridge, 'port', device, 'grp', group],
      ...(verb === 'add' ? ['permanent'] : []),
      ...(vlan === undefined ? [] : ['vid', String(vlan)]),
    ],
  },
});

/** A group of which a bridge knows, until somebody takes that away, that it is to be handed to a port: bridge(8) `mdb`; net/bridge/br_mdb.c. */
export const bridgeMdb = defineResource<Entry>({
  type: 'bridge-mdb',
  noun: 'static group of a bridge',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  make: (entry) => [act('add', entry)],
  remove: (entry) => [act('del', entry)],
  questions: (_, where) => [{ where, what: 'mdb' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'mdb'), wanted, (rows) =>
      rows.some(
        ({ dev, port, grp, vid, state }) =>
          dev === wanted.bridge &&
          port === wanted.device &&
          sameIp(String(grp), wanted.group) &&
          vid === wanted.vlan &&
          state === 'permanent',
      )
        ? wanted
        : undefined,
    ),
});
