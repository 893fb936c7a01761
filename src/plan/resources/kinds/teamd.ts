import type { LocalDevice } from '../../../devices/define.js';
import { processFiles } from '../../process-scripts.js';
import { defineResource, type Resource } from '../define.js';
import { process, runIn } from './process.js';

interface TeamdState {
  /** `LAB.NODE.NAME` of the program that it is. */
  readonly name: string;
  readonly netns?: string | undefined;
  /** The team, which is there already. */
  readonly device: string;
  /** The mode of the driver that it asks for before it looks for ports. */
  readonly mode: string;
  /** As teamd.conf(5) has it. */
  readonly config: string;
}

/** The name of the program that the daemon of a team is, in its node. */
export const teamdOf = ({ namespace, name }: LocalDevice): string =>
  `${namespace === undefined ? '' : `${namespace}:`}teamd-${name}`;

/** It keeps its process id and its socket below /run by the name of the team, which several teams may have. Arguments: program with its own. */
const OWN_RUN = 'mount -t tmpfs run /run && exec "$@"';

/** What the driver is set to stays when the daemon ends, so that the one that is started in its place goes on with that (-o, -N); ports join by themselves (-n). */
const argvOf = ({ device, config }: TeamdState): readonly string[] => [
  ...['unshare', '-m', 'sh', '-c', OWN_RUN, 'teamd'],
  ...['teamd', '-o', '-N', '-n', '-U', '-t', device, '-c', config],
];

/** Wait until the daemon has set the mode: no port may join before that. Arguments: team, mode, log of the daemon. */
const AWAIT_MODE = `
tries=200
until [ "$(teamnl "$1" getoption mode 2>/dev/null)" = "$2" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then cat "$3" >&2; exit 1; fi
  sleep 0.05
done
`;

/** The program that it is. */
function asProcess(resource: Resource<TeamdState>) {
  const { name, netns } = resource.wanted;
  return { ...resource, wanted: { name, netns, argv: argvOf(resource.wanted) } };
}

/** The daemon of a team: teamd(8). */
export const teamd = defineResource<TeamdState>({
  type: 'teamd',
  noun: 'daemon of a team',
  stage: () => 'inside',
  lingers: true,
  owns: ({ name }) => ({ type: 'process', name }),
  make({ device, mode, name, netns }, resource) {
    const own = asProcess(resource);
    const wait = ['sh', '-c', AWAIT_MODE, 'await', device, mode, processFiles(name).log];
    return [
      ...process.make(own.wanted, own),
      { ...runIn({ where: resource.where, netns }, wait), name: 'mode' },
    ];
  },
  remove(_, resource) {
    const own = asProcess(resource);
    return process.remove?.(own.wanted, own);
  },
  questions: ({ name }, where) => [{ where, what: 'processes', name }],
  read(wanted, look, resource) {
    const own = asProcess(resource);
    return process.read?.(own.wanted, look, own) && wanted;
  },
});
