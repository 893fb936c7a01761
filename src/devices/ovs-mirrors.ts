import { z } from 'zod';
import type { Mirror } from '../hops/openflow/mirror.js';
import { mirror } from '../plan/resources/kinds/mirror.js';
import type { Resource } from '../plan/resources/define.js';
import { localDevice, nameField } from '../topology/fields.js';
import type { Problem } from '../topology/problem.js';
import type { DeviceContext } from './define.js';
import { localText, parseLocal } from './local.js';
import type { OvsDeviceSpec } from './ovs-options.js';

/** Mirrors of a bridge of Open vSwitch in a node: ovs-vswitchd.conf.db(5), table Mirror. */

const vlan = z.int().min(0).max(4095);
const ports = z.array(localDevice).default([]);

const mirrorField = z.strictObject({
  name: nameField.describe('No other mirror of its namespace has it'),
  select_all: z.boolean().default(false).describe('Copy what enters or leaves by any port'),
  select_src_port: ports.describe('Ports of which it copies what enters'),
  select_dst_port: ports.describe('Ports of which it copies what leaves'),
  select_vlan: z.array(vlan).default([]).describe('Of that only these VLANs; all when left out'),
  output_port: localDevice
    .optional()
    .describe(
      'The port that copies leave by; it carries nothing else, and what enters there is dropped',
    ),
  output_vlan: z
    .int()
    .min(1)
    .max(4095)
    .optional()
    .describe(
      'Or the VLAN that copies are put into, but those of reserved addresses; they leave by all ports that have it',
    ),
});

/** Most that there may be: ofproto/ofproto-dpif-mirror.h, MAX_MIRRORS. */
const MOST = 32;

export const mirrorFields = {
  mirrors: z
    .array(mirrorField)
    .max(MOST)
    .default([])
    .describe('What it copies of the frames that enter and leave'),
};

type Spec = Pick<OvsDeviceSpec, 'name' | 'ports' | 'mirrors'>;

interface MirrorProblem {
  readonly path: (string | number)[];
  readonly fix: string;
}

/** What of its mirrors Open vSwitch would refuse, or take and not do. */
export const mirrorProblems = ({ name, ports, mirrors }: Spec): readonly MirrorProblem[] =>
  mirrors.flatMap((one, index) => {
    const { select_all: all, select_src_port: src, select_dst_port: dst, output_port: port } = one;
    const isPatch = (each: string): boolean =>
      ports.some((other) => other.port === each && other.peer !== undefined);
    const wrong = (path: readonly (string | number)[], fix: string): MirrorProblem => ({
      path: ['mirrors', index, ...path],
      fix,
    });
    const named = [
      ...src.map((each, at) => ({ each, path: ['select_src_port', at] })),
      ...dst.map((each, at) => ({ each, path: ['select_dst_port', at] })),
    ];
    const known = [name, ...ports.map((each) => each.port)];
    return [
      ...[...named, ...(port === undefined ? [] : [{ each: port, path: ['output_port'] }])].flatMap(
        ({ each, path }) =>
          known.includes(each)
            ? []
            : [wrong(path, `write a port of the bridge: ${known.join(', ')}`)],
      ),
      ...named.flatMap(({ each, path }) =>
        isPatch(each)
          ? [wrong(path, 'select ports of the bridge behind it: of a patch port nothing is copied')]
          : [],
      ),
      ...((port === undefined) === (one.output_vlan === undefined)
        ? [wrong([], 'write one of `output_port` and `output_vlan`')]
        : []),
      ...(all || named.length > 0
        ? []
        : [
            wrong(
              [],
              'write `select_all: true`, or ports under `select_src_port` or `select_dst_port`',
            ),
          ]),
      ...(all && named.length > 0
        ? [wrong(['select_all'], 'remove it, or the ports: it stands for all of them')]
        : []),
    ];
  });

/** Names of mirrors that stand twice in one Open vSwitch, where they are found by their names. Paths begin with the index of the bridge. */
export function mirrorNameProblems(bridges: readonly Spec[]): readonly Problem[] {
  const before = new Set<string>();
  return bridges.flatMap(({ name, mirrors }, bridge) =>
    mirrors.flatMap((one, index): Problem[] => {
      const key = localText({ namespace: parseLocal(name).namespace, name: one.name });
      const isKnown = before.has(key);
      before.add(key);
      if (!isKnown) return [];
      const path = [bridge, 'mirrors', index, 'name'];
      return [
        {
          code: 'topology/duplicate-name',
          path,
          what: `A mirror \`${one.name}\` stands here a second time.`,
        },
      ];
    }),
  );
}

const names = (some: readonly string[]): readonly string[] =>
  some.map((each) => parseLocal(each).name).toSorted();

/** What the resource of a port makes: the row that mirrors are told of. @param port - as the file names it */
export const portId = (
  { name }: Pick<Spec, 'name'>,
  context: DeviceContext,
  port: string,
): string => `port ${parseLocal(port).name} of ${context.hopId(parseLocal(name))}`;

/** What its mirrors are made of. */
export function mirrorResources(spec: Spec, context: DeviceContext): readonly Resource[] {
  const { name, mirrors, ports } = spec;
  const self = parseLocal(name);
  const hop = context.hopId(self);
  const { stack: _stack, ...place } = context.inside(self.namespace);
  const isPort = (each: string): boolean => ports.some(({ port }) => port === each);
  return mirrors.map((one) => {
    const { output_port: port, output_vlan: outputVlan } = one;
    const used = [
      ...one.select_src_port,
      ...one.select_dst_port,
      ...(port === undefined ? [] : [port]),
    ];
    return mirror.of({
      ...{ ...place, id: `mirror ${one.name} of ${hop}` },
      in: [hop, ...new Set(used.filter(isPort).map((each) => portId(spec, context, each)))],
      wanted: {
        ...{ bridge: self.name, name: one.name, lab: context.lab, all: one.select_all },
        ...{ src: names(one.select_src_port), dst: names(one.select_dst_port) },
        vlans: one.select_vlan.toSorted((a, b) => a - b),
        ...(port !== undefined && { outputPort: parseLocal(port).name }),
        ...(outputVlan !== undefined && { outputVlan }),
      },
      why: `${name}: copies of the mirror ${one.name} to ${port ?? `VLAN ${outputVlan}`}`,
    });
  });
}

/** Its mirrors as the model reads them. */
export function mirrorSettings(
  { name, ports, mirrors }: Spec,
  context: DeviceContext,
): readonly Mirror[] {
  const idOf = (port: string): string => context.hopId(parseLocal(port));
  const every = [name, ...ports.map(({ port }) => port)];
  return mirrors.map((one) => {
    const [src, dst] = one.select_all ? [every, every] : [one.select_src_port, one.select_dst_port];
    return {
      ...{ name: one.name, src: src.map(idOf), dst: dst.map(idOf), vlans: one.select_vlan },
      to:
        one.output_port === undefined
          ? { vlan: one.output_vlan ?? 0 }
          : { port: idOf(one.output_port) },
    };
  });
}
