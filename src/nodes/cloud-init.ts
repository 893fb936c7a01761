import type { DeviceKind } from '../devices/define.js';
import { deviceKinds } from '../devices/index.js';
import { hopId } from '../hops/graph.js';
import { tag } from '../plan/names.js';
import type { Resource } from '../plan/resources/define.js';
import { address } from '../plan/resources/kinds/address.js';
import { device } from '../plan/resources/kinds/device.js';
import { deviceState } from '../plan/resources/kinds/device-state.js';
import { mtu } from '../plan/resources/kinds/mtu.js';
import { route } from '../plan/resources/kinds/route.js';
import type { SeedFiles } from '../plan/resources/kinds/seed.js';
import { routeWords } from '../plan/routing.js';
import type { LabNode, Port, Route } from '../topology/lab.js';
import { TABLES } from '../topology/tables.js';
import { isOnMachine } from '../where.js';
import { merged, type CloudInit, type Mapping } from './cloud-init-fields.js';

/** What cloud-init sets up in a guest, from the node as the file has it: https://docs.cloud-init.io */

const kinds = new Map<string, DeviceKind>(deviceKinds.map((one) => [one.kind, one]));

/** Ports that another device of the node takes for itself: what is on them follows that. */
const takenOf = (node: LabNode): ReadonlySet<string> =>
  new Set(
    node.devices.flatMap((spec) => {
      const taken = kinds.get(spec.kind)?.takes?.(spec as never) ?? [];
      return taken.flatMap(({ namespace, name }) => (namespace === undefined ? [name] : []));
    }),
  );

/** The ports that cloud-init gives more than their names. */
const portsOf = (node: LabNode): readonly Port[] => {
  const taken = takenOf(node);
  return node.ports.filter(({ name }) => !taken.has(name));
};

/** The VLANs that it makes: those of such ports, in its words. */
const vlansOf = (node: LabNode): Mapping => {
  const ports = new Set(portsOf(node).map(({ name }) => name));
  const taken = takenOf(node);
  return Object.fromEntries(
    node.devices.flatMap((spec) => {
      const made = kinds.get(spec.kind)?.cloudInit?.(spec as never);
      if (!made || !ports.has(made.link) || taken.has(spec.name)) return [];
      return [[spec.name, { ...made, ...addressed(node, spec.name) }]];
    }),
  );
};

/** Can cloud-init make a route? It knows a next hop, a metric and the number of a table. */
const isPlain = ({ type, via, src, device: by }: Route): boolean =>
  type === 'unicast' && via !== undefined && src === undefined && by !== undefined;

/** Routes and addresses of a device of the node's own stack. */
function addressed(node: LabNode, name: string): Mapping {
  const ofDevice = (one: {
    readonly stack: string;
    readonly device: string | undefined;
  }): boolean => one.stack === node.name && one.device === name;
  const addresses = node.addresses.filter(ofDevice);
  const routes = node.routes.filter((one) => ofDevice(one) && isPlain(one));
  return {
    ...(addresses.length > 0 && {
      addresses: addresses.map(({ ip, prefix }) => `${ip}/${prefix}`),
    }),
    ...(routes.length > 0 && {
      routes: routes.map(({ to, family, via = '', metric, table }) => ({
        to: to === 'default' && family === 4 ? '0.0.0.0/0' : to === 'default' ? '::/0' : to,
        via,
        ...(metric > 0 && { metric }),
        ...(table !== TABLES.main && { table }),
      })),
    }),
  };
}

/** Version 2 of the network configuration, by MAC address: https://docs.cloud-init.io/en/latest/reference/network-config-format-v2.html */
function networkConfig(node: LabNode): Mapping {
  const vlans = vlansOf(node);
  const own = new Set(portsOf(node));
  const ethernets = Object.fromEntries(
    node.ports.map((port) => [
      port.name,
      {
        match: { macaddress: port.mac },
        'set-name': port.name,
        // Else the system waits at boot for a cable that is pulled.
        optional: true,
        ...(own.has(port) && {
          ...(port.mtu !== undefined && { mtu: port.mtu }),
          ...addressed(node, port.name),
        }),
      },
    ]),
  );
  return {
    version: 2,
    ethernets,
    ...(Object.keys(vlans).length > 0 && { vlans }),
  };
}

function userData({ users, packages, user_data: more }: CloudInit): Mapping {
  const own: Mapping = {
    ...(users.length > 0 && {
      users: [
        'default',
        ...users.map(({ name, keys, password, sudo }) => ({
          ...{ name, shell: '/bin/bash', lock_passwd: password === undefined },
          ...(password !== undefined && { passwd: password }),
          ...(keys.length > 0 && { ssh_authorized_keys: keys }),
          ...(sudo && { sudo: 'ALL=(ALL) NOPASSWD:ALL' }),
        })),
      ],
    }),
    ...(packages.length > 0 && { package_update: true, packages }),
  };
  return merged(own, more);
}

const text = (value: Mapping): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The files of a node's NoCloud seed, of which JSON is YAML. What is in them makes the instance: another one is set up at its next boot. Pure. */
export function seedFiles(domain: string, node: LabNode, settings: CloudInit): SeedFiles {
  const user = `#cloud-config\n${text(userData(settings))}`;
  const network = text(networkConfig(node));
  return {
    'meta-data': text({
      'instance-id': `${domain}.${tag(10, user, network)}`,
      'local-hostname': node.name,
    }),
    'user-data': user,
    'network-config': network,
  };
}

/** Types of what cloud-init sets up, where the device is one of those that it knows. */
const TYPES = new Set([address.type, device.type, deviceState.type, mtu.type, route.type]);

/** What of a node's resources is there once cloud-init has ended: nobody makes it a second time. Pure. */
export function withCloudInit(node: LabNode, resources: readonly Resource[]): readonly Resource[] {
  const names = new Set([...portsOf(node).map(({ name }) => name), ...Object.keys(vlansOf(node))]);
  const plain = new Set(node.routes.filter(isPlain).map((one) => routeWords(one).join(' ')));
  const isItsOwn = ({ type, where, wanted }: Resource): boolean => {
    const { device: name, words = [], state = 'up' } = wanted as Partial<Wanted>;
    if (!TYPES.has(type) || where.netns !== undefined || isOnMachine(where)) return false;
    return type === route.type
      ? plain.has(words.join(' '))
      : names.has(name ?? '') && state === 'up';
  };
  const things = new Set([node.name, ...node.ports.map(({ name }) => hopId(node.name, name))]);
  const seeded = new Set<Resource>();
  const candidates = resources.filter(isItsOwn);
  // Of each that needs what others make, after those.
  for (let before = -1; before !== seeded.size;) {
    before = seeded.size;
    for (const one of candidates) {
      if (seeded.has(one) || ![...one.in, ...(one.needs ?? [])].every((name) => things.has(name)))
        continue;
      seeded.add(one);
      for (const name of one.makes ?? []) things.add(name);
    }
  }
  return resources.map((one) => (seeded.has(one) ? { ...one, with: node.name } : one));
}

/** What the types have of which it makes some. */
interface Wanted {
  readonly device: string;
  readonly words: readonly string[];
  readonly state: string;
}
