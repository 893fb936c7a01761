import { localDevice, mtuField } from '../topology/fields.js';
import { device } from '../plan/resources/kinds/device.js';
import { mtuId } from '../plan/resources/kinds/mtu.js';
import type { Resource } from '../plan/resources/define.js';
import type { DeviceContext } from './define.js';
import { parseLocal } from './local.js';

/** What devices that stand on another one have in common. */

/** Fields of such a device. */
export const onLowerFields = {
  name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
  lower: localDevice.describe(
    'The device that it stands on, which keeps its own addresses and may have others on it; also in another namespace',
  ),
  mtu: mtuField.optional().describe('MTU; that of the lower device when left out'),
};

interface OnLower {
  readonly name: string;
  readonly lower: string;
  readonly mtu?: number | undefined;
}

/** The resource that makes it. @param mac - nothing where the kernel gives it that of the lower device */
export function makeOnLower(
  spec: OnLower,
  context: DeviceContext,
  made: {
    readonly kind: string;
    readonly mac: string | undefined;
    readonly options: Readonly<Record<string, string>>;
    /** The options that the kernel changes of a device that is there. */
    readonly later?: readonly string[];
    /** `allmulticast`, `promisc`: those that are on. */
    readonly flags?: readonly string[];
    readonly why: string;
  },
): Resource {
  const { mtu } = spec;
  const { kind, mac, options, later, flags = [], why } = made;
  const [self, lower] = [parseLocal(spec.name), parseLocal(spec.lower)];
  const [id, below] = [context.hopId(self), context.hopId(lower)];
  const home = context.inside(self.namespace);
  const { stack, ...place } = context.inside(lower.namespace);
  return device.of({
    ...place,
    id: `${kind} ${id}`,
    wanted: {
      ...{ device: self.name, lower: lower.name },
      ...(home.stack !== stack && { home: home.where }),
      ...(mac !== undefined && { mac }),
      ...(mtu !== undefined && { mtu }),
      ...(flags.length > 0 && { flags }),
      ...{ kind, options },
      ...(later && { later }),
    },
    makes: [id],
    in: [home.stack, below],
    needs: context.mtu(lower) === undefined ? undefined : [mtuId(below)],
    why,
  });
}
