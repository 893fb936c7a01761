import { hopId } from '../../hops/graph.js';
import type { SeenDevice, SeenDevices } from './define.js';
import { THIS_HOST } from '../../topology/lab.js';

/** Something that several devices have, with the devices. */
export interface Held {
  readonly what: string;
  /** `STACK:DEVICE`, of two stacks at the least. */
  readonly where: readonly string[];
  /** Ids of their hops. */
  readonly holders: readonly string[];
}

/** No address: tunnels that the kernel makes by itself (`gre0`, `ip6gre0`) have zeros in whatever form. */
const isNobody = (what: string): boolean => /^[0:.]*$/.test(what);

/** What devices of more than one of the lab's stacks have. The host's own devices are the insides of links, which copy MACs of ports. */
export function holders(
  state: SeenDevices,
  of: (device: SeenDevice) => readonly string[],
): readonly Held[] {
  const all = new Map<string, { readonly stack: string; readonly device: string }[]>();
  for (const [stack, devices] of state) {
    if (stack === THIS_HOST) continue;
    for (const device of devices)
      for (const what of of(device))
        if (!isNobody(what)) {
          const list = all.get(what);
          if (list) list.push({ stack, device: device.name });
          else all.set(what, [{ stack, device: device.name }]);
        }
  }
  return [...all]
    .filter(([, list]) => new Set(list.map(({ stack }) => stack)).size > 1)
    .map(([what, list]) => ({
      what,
      holders: list.map(({ stack, device }) => hopId(stack, device)),
      where: list.map(({ stack, device }) => `${stack}:${device}`),
    }));
}
