import {
  RECEIVE_HANDLER,
  type DeviceKind,
  type LocalDevice,
  type Lower,
  type Mention,
} from '../../devices/define.js';
import { localText, parseLocal } from '../../devices/local.js';
import { deviceKind } from '../kinds.js';
import { under, type Path, type Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { circlesIn } from './circles.js';
import { unknownNamespace } from './namespaces.js';

type Report = (...problems: readonly Problem[]) => void;

/** Are these the same device of one node? */
export const same = (a: LocalDevice, b: LocalDevice): boolean =>
  a.name === b.name && a.namespace === b.namespace;

/** A device as a spec names it, where that is in the node's spec, and the device whose spec it is. */
interface Mentioned<M extends Mention> {
  readonly device: M;
  readonly path: Path;
  readonly by: string;
}

/** The devices that the node's devices make, take or stand on. */
const mentions = <M extends Mention>(
  spec: NodeSpec,
  of: (kind: DeviceKind, device: never) => readonly M[] | undefined,
): readonly Mentioned<M>[] =>
  spec.devices.flatMap((device, index) =>
    (of(deviceKind(device.kind), device as never) ?? []).map((mention) => ({
      device: mention,
      path: ['devices', index, ...mention.path],
      by: device.name,
    })),
  );

/** The devices that the node's devices make. */
export const madeBy = (spec: NodeSpec) => mentions(spec, (kind, device) => kind.makes(device));

/** What a device takes, or stands on, must exist; and each has but one taker, in its own namespace, and what is there once. */
export function checkClaims(
  spec: NodeSpec,
  devices: readonly LocalDevice[],
  base: Path,
  find: (text: string, path: Path) => unknown,
  report: Report,
): void {
  for (const mention of madeBy(spec)) {
    const { namespace } = mention.device;
    if (namespace !== undefined && !spec.namespaces.includes(namespace))
      report(
        unknownNamespace(
          String(base[1]),
          namespace,
          spec.namespaces,
          [...base, ...mention.path],
          false,
        ),
      );
  }
  const taken = mentions(spec, (kind, device) => kind.takes?.(device));
  const below = mentions(spec, (kind, device) => kind.lowers?.(device));
  for (const { device, path } of onceEach([...taken, ...below]))
    if (device.name === 'lo') report({ ...noEthernet, path: [...base, ...path] });
    else if (!devices.some((other) => same(other, device))) find(localText(device), path);
  for (const { device, path, by } of taken)
    if (device.namespace !== parseLocal(by).namespace)
      report({
        code: 'topology/other-namespace',
        path: [...base, ...path],
        what: `\`${by}\` and \`${localText(device)}\` are in different namespaces.`,
      });
  const packets = madeBy(spec).filter(({ device }) => device.isLayer3);
  for (const { device, path } of [
    ...mentions(spec, (kind, each) => (kind.vrf ? undefined : kind.takes?.(each))),
    ...below.filter(({ device: { shared } }) => shared !== 'tunnels'),
  ])
    if (packets.some((one) => same(one.device, device)))
      report({ ...withoutMac(device), path: [...base, ...path] });
  const tagging = madeBy(spec).filter(({ device }) => device.isTagging === true);
  for (const { device, path, by } of taken)
    if (device.isPlain && tagging.some((one) => same(one.device, device)))
      report({ ...withTag(device, by), path: [...base, ...path] });
  const claims = [
    ...taken.map((one) => ({ ...one, device: { ...one.device, slot: RECEIVE_HANDLER } })),
    ...below,
  ];
  for (const [index, { device, path, by }] of claims.entries()) {
    const before = claims.slice(0, index).find((other) => excludes(other.device, device));
    if (before) report({ ...takenBefore(device, by, before), path: [...base, ...path] });
  }
  report(...circlesIn(spec).map((problem) => under(base, problem)));
}

/** What stands at the same place in the file once. */
const onceEach = <M extends Mention>(all: readonly Mentioned<M>[]): readonly Mentioned<M>[] =>
  [...new Map(all.toReversed().map((one) => [one.path.join('\0'), one])).values()].toReversed();

const noEthernet: Omit<Problem, 'path'> = {
  code: 'topology/unknown-device',
  what: '`lo` is no Ethernet device: it is no port of a switch, and nothing stands on it (net/core/dev.c, IFF_LOOPBACK).',
  fix: 'write a port of the node, or a device that it makes',
};

const withoutMac = (device: LocalDevice): Omit<Problem, 'path'> => ({
  code: 'topology/unknown-device',
  what: `\`${localText(device)}\` carries packets and no Ethernet: it is no port of a switch, and nothing stands on it (net/bridge/br_if.c, ARPHRD_ETHER).`,
  fix: 'write a device that carries Ethernet, such as `gretap` or `vxlan`',
});

const withTag = (device: LocalDevice, by: string): Omit<Problem, 'path'> => ({
  code: 'topology/wrong-value',
  what: `\`${localText(device)}\` adds a tag to what it sends, and \`${by}\` takes no such device.`,
  fix: 'write the device below it',
});

/** Do two devices need the same of one device, which there is but once? */
const excludes = (a: Lower, b: Lower): boolean =>
  same(a, b) && a.slot === b.slot && (a.shared === undefined || a.shared !== b.shared);

const takenBefore = (
  device: Lower,
  by: string,
  before: Mentioned<Lower>,
): Pick<Problem, 'code' | 'what'> => ({
  code: 'topology/device-taken',
  what:
    before.device.slot === RECEIVE_HANDLER && before.device.shared === undefined
      ? `\`${localText(device)}\` already belongs to \`${before.by}\`.`
      : `\`${by}\` needs ${device.slot} of \`${localText(device)}\`, which \`${before.by}\` has${before.device.shared === undefined ? '' : ` as ${before.device.shared}`}.`,
});
