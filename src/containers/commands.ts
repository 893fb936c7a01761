import { containerEngine } from './index.js';

/** The argument arrays that engines are run with. Pure. */

/** A container, by its engine and its name. */
export interface ContainerName {
  readonly engine: string;
  /** `LAB.NODE`: the name of its network namespace too. */
  readonly name: string;
}

/** What a container is made of. */
export interface ContainerSpec extends ContainerName {
  readonly lab: string;
  readonly node: string;
  readonly image: string;
  /** What runs in place of what its image says; nothing for that. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files and folders of this machine that are seen in it. */
  readonly mounts: readonly {
    readonly from: string;
    readonly to: string;
    readonly readonly: boolean;
  }[];
  /** Beyond those that the engine gives: capabilities(7) without `CAP_`. */
  readonly capabilities: readonly string[];
  /** Is an image fetched that is not there? */
  readonly pull: 'never' | 'missing';
}

/** Label whose value is the lab. */
export const LAB_LABEL = 'patchlab.lab';

/** Name of a container as the lab's own things have it: `docker/LAB.NODE`. */
export const containerKey = ({ engine, name }: ContainerName): string => `${engine}/${name}`;

/** The container that is meant by such a name. */
export function containerNamed(key: string): ContainerName {
  const [engine = '', name = ''] = key.split('/');
  return { engine, name };
}

/** Make a container and start it, without any network of the engine's: docker-run(1). An image that is a shell lives on by its open standard input. */
export const runContainer = (spec: ContainerSpec): readonly string[] => [
  ...[spec.engine, 'run', '--detach', '--interactive', '--name', spec.name],
  ...['--hostname', spec.node, '--network', 'none', '--pull', spec.pull],
  ...['--label', `${LAB_LABEL}=${spec.lab}`, '--label', `patchlab.node=${spec.node}`],
  ...spec.capabilities.flatMap((one) => ['--cap-add', one]),
  ...Object.entries(spec.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ...spec.mounts.flatMap(({ from, to, readonly }) => [
    ...['--mount', `type=bind,source=${from},target=${to}${readonly ? ',readonly' : ''}`],
  ]),
  ...[spec.image, ...spec.command],
];

/** Start one again that has ended. */
export const startContainer = ({ engine, name }: ContainerName): readonly string[] => [
  ...[engine, 'start', name],
];

/** Remove one with what it keeps. */
export const removeContainer = ({ engine, name }: ContainerName): readonly string[] => [
  ...[engine, 'rm', ...containerEngine(engine).removal, name],
];

/**
 * Arguments: engine, container, how the mark of a stack begins. Its stack takes the name of the container; Docker switches IPv6 off in one without a
 * network of its own. One whose stack is marked was a stack of the lab before, and may have devices: it starts again for a
 * new one.
 */
const ATTACH = `
pid_of() { "$1" container inspect --format '{{.State.Pid}}' "$2"; }
pid=$(pid_of "$1" "$2") || exit 1
if [ "$pid" -ne 0 ] && nsenter --net="/proc/$pid/ns/net" ip link show dev lo | grep -qF "alias $3"; then
  "$1" restart --time 0 "$2" >/dev/null || exit 1
  pid=$(pid_of "$1" "$2")
fi
if [ "$pid" -ne 0 ]; then
  if [ "/proc/$pid/ns/net" -ef /proc/self/ns/net ]; then
    echo "container $2 has no network namespace of its own" >&2
    exit 1
  fi
  ip netns attach "$2" "$pid" &&
    nsenter --net="/run/netns/$2" sysctl -q -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 &&
    exit 0
fi
if [ "$(pid_of "$1" "$2")" -eq 0 ]; then
  echo "container $2 has ended as soon as it was started; what it said:" >&2
  "$1" logs --tail 10 "$2" >&2
fi
exit 1
`;

/** Give the network namespace of a container that runs its name: ip-netns(8) `attach`. */
export const attachContainer = (
  { engine, name }: ContainerName,
  mark: string,
): readonly string[] => [...['sh', '-c', ATTACH, 'attach', engine, name, mark]];

/** Run a program in a container. */
export const execInContainer = (
  { engine, name }: ContainerName,
  argv: readonly string[],
  tty: boolean,
): readonly string[] => [
  ...[engine, 'exec', '--interactive', ...(tty ? ['--tty'] : []), name, ...argv],
];

/** Show the last lines of what it says. */
export const containerLog = (
  { engine, name }: ContainerName,
  lines: number,
  follow: boolean,
): readonly string[] => [
  ...[engine, 'logs', '--tail', String(lines), ...(follow ? ['--follow'] : []), name],
];
