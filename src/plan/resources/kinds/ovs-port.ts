import { defineResource, type Act } from '../define.js';
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

const vsctl = (...args: readonly string[]): Act => ({ do: { tool: 'ovs-vsctl', args } });

/** A device as a port of an Open vSwitch bridge. Its row stays when the device goes, so it is removed first. */
export const ovsPort = defineResource<OvsPortState>({
  type: 'ovs-port',
  noun: 'port of Open vSwitch',
  stage: () => 'switches',
  make: ({ bridge, device, lab, number, ofInterface, ofPort }) => [
    vsctl(
      ...['add-port', bridge, device, '--', 'set', 'interface', device],
      ...[`ofport_request=${number}`, `external_ids:patchlab=${lab}`, ...ofInterface],
      ...(ofPort.length === 0 ? [] : ['--', 'set', 'port', device, ...ofPort]),
    ),
  ],
  remove: ({ bridge, device }) => [vsctl('del-port', bridge, device)],
  questions: (_, where) => [{ where, what: 'switchPorts' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'switchPorts'), wanted, (rows) => {
      const row = rows.find(({ device }) => device === wanted.device);
      return row?.bridge === wanted.bridge ? { ...wanted, number: row.number } : undefined;
    }),
});
