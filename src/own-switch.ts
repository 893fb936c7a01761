import { isOnMachine, type Where } from './where.js';

/**
 * The Open vSwitch that a network namespace of a lab has for itself: its database and sockets are in a folder of their own, so
 * that nothing of the machine's is touched: ovs-vswitchd(8), ovs-vsctl(8) OVS_RUNDIR.
 */

/** Name of the program that it is in its namespace. */
const OWN_SWITCH = 'open-vswitch';

/** Has a place an Open vSwitch of its own, where there is one at all? Guests have it in their own stack. */
export const hasOwnSwitch = (where: Where): boolean =>
  isOnMachine(where) && where.netns !== undefined;

/** Name of the program of a namespace `LAB.NODE` or `LAB.NODE.NAMESPACE`. */
export const ownSwitchName = (netns: string): string => `${netns}.${OWN_SWITCH}`;

/** Where its database and sockets are. */
export const ownSwitchFolder = (netns: string): string => `/run/patchlab.${ownSwitchName(netns)}`;

/** Names of the namespaces of labs have the lab in front; those of guests are as the file has them. */
const isOfLab = (netns: string): boolean => netns.includes('.');

/** The words that let a program of Open vSwitch, or a script that runs one, find that of a namespace. */
export const findingSwitch = (
  argv: readonly string[],
  netns: string | undefined,
): readonly string[] =>
  netns !== undefined && isOfLab(netns) && argv.some((word) => word.includes('ovs-'))
    ? ['env', `OVS_RUNDIR=${ownSwitchFolder(netns)}`, ...argv]
    : argv;

/** The argument array of ovs-appctl(8), which finds the machine's daemon by itself, and that of a namespace by its socket. */
export const appctl = (...words: readonly string[]): readonly string[] => [
  ...['sh', '-c', 'exec ovs-appctl ${OVS_RUNDIR:+-t "$OVS_RUNDIR/ovs-vswitchd.ctl"} "$@"'],
  ...['ovs-appctl', ...words],
];

/** One row of the database, before anything reads it: a thread of each kind is enough for a lab. */
const FIRST = JSON.stringify([
  'Open_vSwitch',
  {
    op: 'insert',
    table: 'Open_vSwitch',
    row: {
      other_config: [
        'map',
        [
          ['n-handler-threads', '1'],
          ['n-revalidator-threads', '1'],
        ],
      ],
    },
  },
]);

/** Arguments: folder, first row. The daemon of the database ends with that of the switches. */
const RUN = `
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='-vsyslog:off -vconsole:warn'
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \\
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
`;

/** The program of a namespace, and the file that is there once it takes orders. */
export const runOwnSwitch = (netns: string) => ({
  argv: ['sh', '-c', RUN, OWN_SWITCH, ownSwitchFolder(netns), FIRST],
  ready: `${ownSwitchFolder(netns)}/db.sock`,
});
