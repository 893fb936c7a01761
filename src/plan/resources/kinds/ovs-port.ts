import { isOwnStack } from '../../../where.js';
import { defineResource } from '../define.js';
import { readColumns, setColumns, vsctl } from '../ovs-columns.js';
import { readFrom } from '../look.js';

interface OvsPortState {
  readonly bridge: string;
  readonly device: string;
  readonly lab: string;
  /** Its OpenFlow number. */
  readonly number: number;
  /** More columns of the tables Interface and Port, as ovs-vsctl(8) `set` takes them. */
  readonly ofInterface: readonly string[];
  readonly ofPort: readonly string[];
}

/** A device as a port of an Open vSwitch bridge. Its row stays when the device goes, so it is removed first. */
export const ovsPort = defineResource<OvsPortState>({
  type: 'ovs-port',
  noun: 'port of Open vSwitch',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  make: ({ bridge, device, lab, number, ofInterface, ofPort }, { where }) => [
    vsctl(
      // The row of a NIC that was unplugged in a guest is there still.
      ...(isOwnStack(where) ? [] : ['--if-exists', 'del-port', bridge, device, '--']),
      ...['add-port', bridge, device, '--', 'set', 'interface', device],
      ...[`ofport_request=${number}`, `external_ids:patchlab=${lab}`, ...ofInterface],
      ...(ofPort.length === 0 ? [] : ['--', 'set', 'port', device, ...ofPort]),
    ),
  ],
  remove: ({ bridge, device }) => [vsctl('del-port', bridge, device)],
  change(old, wanted) {
    const { device, bridge, number } = wanted;
    if (old.bridge !== bridge || old.number !== number) return 'that is said when it is plugged in';
    const ofInterface = setColumns('interface', device, old.ofInterface, wanted.ofInterface);
    const ofPort = setColumns('port', device, old.ofPort, wanted.ofPort);
    if (typeof ofInterface === 'string' || typeof ofPort === 'string')
      return [ofInterface, ofPort].find((one) => typeof one === 'string') ?? '';
    return [...ofInterface, ...ofPort];
  },
  questions: (_, where) => [{ where, what: 'switchPorts' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'switchPorts'), wanted, (rows) => {
      const row = rows.find(({ device }) => device === wanted.device);
      if (row?.bridge !== wanted.bridge) return undefined;
      return {
        ...{ ...wanted, number: row.number },
        ofInterface: readColumns(wanted.ofInterface, row.ofInterface),
        ofPort: readColumns(wanted.ofPort, row.ofPort),
      };
    }),
});
