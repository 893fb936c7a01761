import { defineLab } from 'patchlab';

/** A fat tree of k = 4: four core switches, and in each of four pods two that aggregate and two at the edge. */

const pair = [1, 2] as const;
const pods = [1, 2, 3, 4] as const;
const core = pair.flatMap((group) => pair.map((nth) => ({ group, name: `c${group}${nth}` })));
const inPods = pods.flatMap((pod) => pair.map((nth) => ({ pod, nth })));
const hosts = inPods.flatMap(({ pod, nth: edge }) => pair.map((nth) => ({ pod, edge, nth })));

const cables: readonly (readonly [string, string])[] = [
  ...inPods.flatMap(({ pod, nth: group }) =>
    core.filter((one) => one.group === group).map(({ name }) => [name, `a${pod}${group}`] as const),
  ),
  ...inPods.flatMap(({ pod, nth }) =>
    pair.map((edge) => [`a${pod}${nth}`, `e${pod}${edge}`] as const),
  ),
  ...hosts.map(({ pod, edge, nth }) => [`e${pod}${edge}`, `h${pod}${edge}${nth}`] as const),
];

const switches = [
  ...core.map(({ name }) => name),
  ...inPods.map(({ pod, nth }) => `a${pod}${nth}`),
  ...inPods.map(({ pod, nth }) => `e${pod}${nth}`),
];

/** The port of a node on the cable to another one. */
const portTo = (other: string): string => `to-${other}`;

const portsOf = (name: string): readonly string[] =>
  cables.flatMap(([a, b]) => (a === name ? [portTo(b)] : b === name ? [portTo(a)] : []));

export default defineLab({
  name: 'fat-tree',
  title:
    'A fat tree of twenty OpenFlow switches in namespaces, with a controller that finds all of its cables',
  about:
    'Each switch is a network namespace with an Open vSwitch of its own, so nothing of the machine’s is touched, and no guest boots. ' +
    'The controller, os-ken, reaches them by a network of its own, finds 32 cables by LLDP, both ways, and forwards by the shortest way: ' +
    'from pod to pod over a core switch. Look with `patchlab flows c11` and `patchlab logs ctl`. Then cut a cable (`patchlab cut c11:to-a11-a11:to-c11`) ' +
    'and see the controller go round.',
  nodes: {
    ctl: { kind: 'netns', controller: 'os-ken', addresses: { eth0: '10.9.0.1/24' } },
    ...Object.fromEntries(
      switches.map((name, index) => [
        name,
        {
          kind: 'netns' as const,
          devices: [
            {
              kind: 'ovs' as const,
              name: 'of',
              ports: [...portsOf(name)],
              fail_mode: 'secure' as const,
              protocols: ['OpenFlow13' as const],
              controllers: ['tcp:10.9.0.1:6653'],
            },
          ],
          addresses: { eth0: `10.9.0.${11 + index}/24` },
        },
      ]),
    ),
    ...Object.fromEntries(
      hosts.map(({ pod, edge, nth }) => [
        `h${pod}${edge}${nth}`,
        {
          kind: 'netns' as const,
          addresses: { [portTo(`e${pod}${edge}`)]: `10.1.${pod}.${10 * edge + nth}/16` },
        },
      ]),
    ),
  },
  links: [
    {
      kind: 'bridge',
      name: 'control',
      ends: ['ctl:eth0', ...switches.map((name) => `${name}:eth0`)],
    },
    ...cables.map(([a, b]) => ({
      kind: 'veth' as const,
      ends: [`${a}:${portTo(b)}`, `${b}:${portTo(a)}`] as [string, string],
    })),
  ],
  verify: [
    { probe: 'discovery', at: 'ctl' },
    { probe: 'icmp', from: 'h111', to: 'h422' },
    { probe: 'icmp', from: 'h212', to: 'h211' },
  ],
});
