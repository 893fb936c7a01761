import { isOwnStack } from '../../../where.js';
import { defineResource } from '../define.js';
import { vsctl } from '../ovs-columns.js';
import { readFrom, type MirrorRow } from '../look.js';

/** What is wanted of a mirror beside its place: ports by name, lists sorted. */
interface MirrorState extends MirrorRow {
  readonly lab: string;
}

/** Reference to it in a transaction; with a number behind, to a port. No name of a mirror has a dot or begins with a digit. */
const idOf = ({ bridge, name }: MirrorState): string => `@${bridge}.${name}`;

/** Words of a transaction: ports are told by references that it makes. */
function columnsOf(wanted: MirrorState): {
  readonly gets: readonly string[];
  readonly sets: readonly string[];
} {
  const { all, src, dst, vlans, outputPort, outputVlan } = wanted;
  const ports = [...new Set([...src, ...dst, ...(outputPort === undefined ? [] : [outputPort])])];
  // No two mirrors of a transaction have the same references.
  const ref = (port: string): string => `${idOf(wanted)}.${ports.indexOf(port)}`;
  const set = (some: readonly (string | number)[]): string => `[${some.join(',')}]`;
  return {
    gets: ports.flatMap((port) => [`--id=${ref(port)}`, 'get', 'port', port, '--']),
    sets: [
      ...[`select_all=${all}`, `select_src_port=${set(src.map(ref))}`],
      ...[`select_dst_port=${set(dst.map(ref))}`, `select_vlan=${set(vlans)}`],
      `output_port=${outputPort === undefined ? '[]' : ref(outputPort)}`,
      `output_vlan=${set(outputVlan === undefined ? [] : [outputVlan])}`,
    ],
  };
}

/** A mirror of a bridge of Open vSwitch: ovs-vswitchd.conf.db(5), table Mirror. */
export const mirror = defineResource<MirrorState>({
  type: 'mirror',
  noun: 'mirror',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  make(wanted) {
    const { bridge, name, lab } = wanted;
    const { gets, sets } = columnsOf(wanted);
    const id = idOf(wanted);
    return [
      vsctl(
        ...gets,
        ...[`--id=${id}`, 'create', 'mirror', `name=${name}`, `external_ids:patchlab=${lab}`],
        ...[...sets, '--', 'add', 'bridge', bridge, 'mirrors', id],
      ),
    ];
  },
  remove(old) {
    const { bridge, name } = old;
    const id = idOf(old);
    return [
      vsctl(`--id=${id}`, 'get', 'mirror', name, '--', 'remove', 'bridge', bridge, 'mirrors', id),
    ];
  },
  change(old, wanted) {
    if (old.bridge !== wanted.bridge || old.name !== wanted.name)
      return 'a mirror is known by its name';
    const { gets, sets } = columnsOf(wanted);
    return [vsctl(...gets, 'set', 'mirror', wanted.name, ...sets)];
  },
  questions: (_, where) => [{ where, what: 'mirrors' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'mirrors'), wanted, (rows) => {
      const row = rows.find(({ name, bridge }) => name === wanted.name && bridge === wanted.bridge);
      return row && { ...row, lab: wanted.lab };
    }),
});
