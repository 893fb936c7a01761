import { bridgeSettings } from '../devices/bridge-model.js';
import { bridgePort, makeBridge, plainBridge, plugIn } from '../devices/bridge-options.js';
import { hopId } from '../hops/graph.js';
import { portEdge, type Hop, type HopFragment } from '../hops/types.js';
import { deviceName, macAddress, markOf } from '../plan/names.js';
import { LOCAL, type Step } from '../plan/step.js';
import { THIS_HOST, type Lab } from '../topology/lab.js';
import { silence, type VethEnd } from './devices.js';

interface Relay {
  readonly steps: readonly Step[];
  readonly hops: HopFragment;
}

/**
 * A neighbour that sends back what it gets, as mode vepa expects of a switch: a bridge with one port and hairpin on
 * (IEEE 802.1Q-2018 clause 40, reflective relay).
 * @param port - the device that becomes its port
 * @param mask - reserved group addresses that it reflects
 */
export function makeRelay(
  lab: Lab,
  link: string,
  { device: port, hop: portHop }: VethEnd,
  mask: number,
): Relay {
  const name = deviceName('br', lab.name, link, 'relay');
  const mac = macAddress(lab.name, link, 'relay');
  const spec = { ...plainBridge, group_fwd_mask: mask };
  const onHost = { stage: 'switches', lane: THIS_HOST, where: LOCAL } as const;
  const step = (id: string, why: string, ...args: readonly string[]): Step => ({
    ...onHost,
    id: `${id} ${name}`,
    do: { tool: 'ip', args },
    why,
  });
  const [make = [], ...more] = makeBridge(name, mac, spec);
  const own = { ...bridgePort, hairpin: true };
  const hop: Hop = {
    ...{ id: hopId(THIS_HOST, name), kind: 'bridge', stack: THIS_HOST, where: LOCAL, device: name },
    label: `${link} relay`,
    settings: bridgeSettings(mac, spec, [[portHop, own]]),
  };
  const steps: readonly Step[] = [
    {
      ...step('bridge', `${link}: bridge that reflects`, ...make),
      undo: { tool: 'ip', args: ['link', 'del', 'dev', name] },
      owns: { type: 'link', name, mac, bridge: true },
    },
    ...more.map((args, index) => step(`bridge ${index + 2}`, `${link}: its settings`, ...args)),
    step(
      'mark',
      `mark ${link} relay as the lab's`,
      ...['link', 'set', 'dev', name, 'alias', markOf(lab.name), ...silence(undefined)],
    ),
    step('up', `bring ${link} relay up`, 'link', 'set', 'dev', name, 'up'),
    ...plugIn(name, port, spec, own).map(({ what, do: command }): Step => ({
      ...onHost,
      id: `bridge ${name} ${port} ${what}`,
      do: command,
      why: `${link}: send back what comes by ${port}`,
    })),
  ];
  return { steps, hops: { hops: [hop], edges: [portEdge(portHop, hop.id)] } };
}
