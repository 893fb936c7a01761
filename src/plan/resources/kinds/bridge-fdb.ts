import { isOwnStack } from '../../../where.js';
import { defineResource, type Act } from '../define.js';
import { readFrom } from '../look.js';

interface Entry {
  /** The port that it is behind. */
  readonly device: string;
  readonly mac: string;
  /** The only VLAN that it holds in; all of the port when left out. */
  readonly vlan?: number;
  /** As bridge(8) has them: `static` is what is behind the port, `permanent` is the bridge's own. */
  readonly state: 'static' | 'permanent';
}

const inVlan = ({ vlan }: Entry): readonly string[] =>
  vlan === undefined ? [] : ['vlan', String(vlan)];

const act = (verb: 'replace' | 'del', entry: Entry, ...state: readonly string[]): Act => ({
  do: {
    tool: 'exec',
    argv: [
      ...['bridge', 'fdb', verb, entry.mac, 'dev', entry.device, 'master'],
      ...state,
      ...inVlan(entry),
    ],
  },
});

/** No frame from elsewhere takes a `sticky` one to another port; a permanent one is not to be taken at all. */
const put = (entry: Entry): readonly Act[] => [
  act('replace', entry, entry.state, ...(entry.state === 'static' ? ['sticky'] : [])),
];

/** A static entry in the forwarding table of a bridge: bridge(8) `fdb`; net/bridge/br_fdb.c. */
export const bridgeFdb = defineResource<Entry>({
  type: 'bridge-fdb',
  noun: 'static entry of a bridge',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  make: put,
  remove: (entry) => [act('del', entry)],
  change: (old, wanted) =>
    old.device === wanted.device && old.mac === wanted.mac && old.vlan === wanted.vlan
      ? put(wanted)
      : 'an entry is known by its MAC, its port and its VLAN',
  questions: (_, where) => [{ where, what: 'fdb' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'fdb'), wanted, (rows) => {
      const found = rows.find(
        ({ ifname, mac, master, vlan }) =>
          ifname === wanted.device &&
          mac === wanted.mac &&
          master !== undefined &&
          vlan === wanted.vlan,
      );
      const state = (['static', 'permanent'] as const).find((one) => one === found?.['state']);
      return state && { ...wanted, state };
    }),
});
