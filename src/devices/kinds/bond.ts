import { isAdaptive, type BondSettings } from '../../hops/bonding.js';
import { bond as bondResource } from '../../plan/resources/kinds/bond.js';
import { asksByArp, bondOptions, bondSchema, watchesBy, type BondSpec } from '../bond-options.js';
import { bundleHops } from '../bundle.js';
import { defineDevice, type DeviceContext } from '../define.js';
import { parseLocal } from '../local.js';
import { joinMaster, takeMembers } from '../members.js';

/** The member that is used first. */
const firstOf = ({ primary, members }: BondSpec): string => primary ?? members[0] ?? '';

/** Does it leave members the MACs that they have? */
const leavesMacs = ({ mode, fail_over_mac: failOver }: BondSpec): boolean =>
  isAdaptive(mode) || (mode === 'active-backup' && failOver === 'active');

const follows = (spec: BondSpec): boolean => leavesMacs(spec) && !isAdaptive(spec.mode);

const macOf = (spec: BondSpec, context: DeviceContext): string =>
  context.mac(parseLocal(follows(spec) ? firstOf(spec) : spec.name));

/** A bond inside a node: drivers/net/bonding, ip-link(8) `type bond`. */
export const bond = defineDevice({
  kind: 'bond',
  title: 'Bond in a node',
  doc: `Several devices that stand in for each other, with one MAC and one IP. Which of them sends and which may receive is a
matter of \`mode\`. A device goes down for a moment to join. Programs that listen on a member itself (LLDP) hear what comes there, in use or not.
In mode 802.3ad both sides speak LACP, and use what they have agreed on a few seconds after they came up; NICs of guests are told that they are full duplex.`,
  example: `{ kind: bond, name: bond0, mode: active-backup, members: [eth1, eth2] }`,
  schema: bondSchema,
  kernelKind: 'bond',
  makes: (spec) => [{ ...parseLocal(spec.name), path: ['name'], mac: spec.mac }],
  takes: ({ members }) => takeMembers(members),
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack, ...place } = context.inside(self.namespace);
    const hop = context.hopId(self);
    return [
      bondResource.of({
        ...place,
        id: `bond ${hop}`,
        wanted: {
          ...{ device: self.name, mac: macOf(spec, context) },
          ...(spec.mtu !== undefined && { mtu: spec.mtu }),
          options: bondOptions(spec),
          ...(follows(spec) && { follows: true }),
        },
        makes: [hop],
        in: [stack],
        why: `bond ${spec.name}`,
      }),
      ...spec.members.map((text) => {
        const needsDuplex = spec.mode === '802.3ad' && context.isNic(parseLocal(text));
        return joinMaster(text, context, {
          ...{ kind: 'bond', master: spec.name, why: `${text} is a member of ${spec.name}` },
          more: {
            joinsDown: true,
            ...(!follows(spec) && { masterMac: macOf(spec, context) }),
            ...(spec.primary === text && { isPrimary: true }),
            ...(needsDuplex && { setsDuplex: true }),
          },
        });
      }),
    ];
  },
  hops: (spec, context) =>
    bundleHops<BondSettings>(
      {
        ...{ kind: 'bond', name: spec.name, members: spec.members, mtu: spec.mtu },
        mac: macOf(spec, context),
        ...(leavesMacs(spec) && { bearer: firstOf(spec) }),
        settings: () => ({
          ...{ mode: spec.mode, policy: spec.xmit_hash_policy },
          primary: spec.primary && context.hopId(parseLocal(spec.primary)),
          ...{ watches: watchesBy(spec) > 0 || asksByArp(spec), asks: asksByArp(spec) },
          ...{ allActive: spec.all_slaves_active, least: spec.min_links ?? 0 },
        }),
      },
      context,
    ),
});
