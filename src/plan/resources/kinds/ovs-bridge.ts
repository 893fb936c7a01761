import { defineResource, type Act } from '../define.js';

interface OvsBridgeState {
  readonly name: string;
  readonly lab: string;
  readonly datapath: string;
  readonly mac: string;
  /** More columns of the table Bridge, as ovs-vsctl(8) `set` takes them. */
  readonly columns: readonly string[];
}

const vsctl = (...args: readonly string[]): Act => ({ do: { tool: 'ovs-vsctl', args } });

/** A bridge of Open vSwitch that does nothing until flows are added: ovs-vsctl(8), ovs-vswitchd.conf.db(5). */
export const ovsBridge = defineResource<OvsBridgeState>({
  type: 'ovs-bridge',
  noun: 'Open vSwitch bridge',
  stage: () => 'switches',
  owns: ({ name }) => ({ type: 'ovs-bridge', name }),
  make: ({ name, lab, datapath, mac, columns }) => [
    vsctl(
      ...['add-br', name, '--', 'set', 'bridge', name, `datapath_type=${datapath}`],
      ...['fail_mode=secure', `external_ids:patchlab=${lab}`],
      ...[`other_config:hwaddr="${mac}"`, ...columns],
    ),
  ],
  remove: ({ name }) => [vsctl('del-br', name)],
});
