import { isOwnStack } from '../../../where.js';
import { sameData } from '../../../same-data.js';
import { defineResource } from '../define.js';
import { readColumns, setColumns, vsctl } from '../ovs-columns.js';
import { readFrom } from '../look.js';

interface OvsBridgeState {
  readonly name: string;
  readonly lab: string;
  readonly datapath: string;
  readonly mac: string;
  /** More columns of the table Bridge, as ovs-vsctl(8) `set` takes them. */
  readonly columns: readonly string[];
  /** What it does where no controller says so; `secure` when left out. */
  readonly failMode?: string;
  /** Its controllers, sorted, each reached by ordinary routes. */
  readonly controllers?: readonly string[];
}

/** Commands of a transaction that give a bridge its controllers; those that it had go with their last user. */
function control({ name, controllers = [] }: OvsBridgeState): readonly string[] {
  const ids = controllers.map((_, index) => `@${name}-${index}`);
  return [
    ...controllers.flatMap((target, index) => [
      ...['--', `--id=${ids[index] ?? ''}`, 'create', 'controller'],
      ...[`target="${target}"`, 'connection_mode=out-of-band'],
    ]),
    ...['--', 'set', 'bridge', name, `controller=[${ids.join(',')}]`],
  ];
}

/** All columns that are wanted of it. */
const columnsOf = ({ failMode = 'secure', mac, columns }: OvsBridgeState): readonly string[] => [
  `fail_mode=${failMode}`,
  `other_config:hwaddr="${mac}"`,
  ...columns,
];

/** A bridge of Open vSwitch; while it is `secure` it does nothing until flows are added: ovs-vsctl(8), ovs-vswitchd.conf.db(5). */
export const ovsBridge = defineResource<OvsBridgeState>({
  type: 'ovs-bridge',
  noun: 'Open vSwitch bridge',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  owns: ({ name }, where) => (isOwnStack(where) ? { type: 'ovs-bridge', name } : undefined),
  make(wanted) {
    const { name, lab, datapath, controllers } = wanted;
    const [failMode = '', ...columns] = columnsOf(wanted);
    return [
      vsctl(
        ...['add-br', name, '--', 'set', 'bridge', name, `datapath_type=${datapath}`, failMode],
        ...[`external_ids:patchlab=${lab}`, ...columns],
        ...(controllers ? control(wanted) : []),
      ),
    ];
  },
  remove: ({ name }) => [vsctl('del-br', name)],
  change(old, wanted) {
    const { name, lab, datapath, controllers } = wanted;
    if (old.name !== name || old.lab !== lab) return 'that is said when it is made';
    if (old.datapath !== datapath) return 'a bridge does not move to another datapath';
    const acts = setColumns('bridge', name, columnsOf(old), columnsOf(wanted));
    if (typeof acts === 'string' || sameData(old.controllers ?? [], controllers ?? [])) return acts;
    const [, ...words] = control(wanted);
    return [...acts, vsctl(...words)];
  },
  questions: (_, where) => [{ where, what: 'switches' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'switches'), wanted, (rows) => {
      const row = rows.find(({ name }) => name === wanted.name);
      if (!row) return undefined;
      const { columns, controllers } = row;
      return {
        ...wanted,
        datapath: columns.datapath_type ?? wanted.datapath,
        mac: columns['other_config:hwaddr'] ?? '',
        columns: readColumns(wanted.columns, columns),
        ...(wanted.failMode !== undefined && { failMode: columns.fail_mode ?? '' }),
        ...(wanted.controllers && { controllers }),
      };
    }),
});
