import type { BridgePortSpec, BridgeSpec } from './bridge-options.js';

/** Settings of a port that a bridge would take, and do nothing for. */

interface PortProblem {
  /** From the list of ports. */
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly fix: string;
}

/** What of the ports of a bridge does not go with the bridge. Pure. */
export const bridgeProblems = (
  spec: BridgeSpec,
  ports: readonly (BridgePortSpec & { readonly port: string })[],
): readonly PortProblem[] =>
  ports.flatMap((port, index) => {
    const of = (
      field: string,
      isSet: boolean,
      needs: 'stp' | 'snooping' | 'vlan_filtering',
    ): readonly PortProblem[] =>
      isSet && !spec[needs]
        ? [
            {
              path: [index, field],
              what: `\`${field}\` of ${port.port} does nothing: the bridge has no \`${needs}\`.`,
              fix: `remove it, or write \`${needs}: true\` at the bridge`,
            },
          ]
        : [];
    const listed = port.macs !== undefined && port.fdb.some(({ state }) => state === 'static');
    return [
      ...of('guard', port.guard, 'stp'),
      ...of('root_block', port.root_block, 'stp'),
      ...of('mcast_router', port.mcast_router !== 'auto', 'snooping'),
      ...of('mdb', port.mdb.length > 0, 'snooping'),
      ...of('fdb', port.fdb.some(hasVlan), 'vlan_filtering'),
      ...of('mdb', port.mdb.some(hasVlan), 'vlan_filtering'),
      ...(listed
        ? [
            {
              path: [index, 'fdb'],
              what: `${port.port} has \`macs\` too, each of which is a static entry by itself.`,
              fix: 'put these MACs into `macs`',
            },
          ]
        : []),
    ];
  });

const hasVlan = ({ vlan }: { readonly vlan?: number | undefined }): boolean => vlan !== undefined;
