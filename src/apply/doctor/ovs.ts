import { randomBytes } from 'node:crypto';
import type { CommandResult } from '../command.js';
import { bad, defineCheck, type Diagnosis, good, saying } from './define.js';
import { startWith } from './services.js';

/** Seconds that ovs-vsctl waits for an answer, then for ovs-vswitchd. */
const TIMEOUT = '--timeout=3';
const MARK = 'external_ids:patchlab=doctor';
/** The maker's process id is part of the name: by it a later run knows what a killed one left. */
const NAME = /\bpld([0-9a-z]+)-[0-9a-f]{4}\b/g;

/** Name of the scratch bridge, at most 15 characters as for any device; a process id has up to 5 digits in base 36. */
export const scratchBridge = (pid: number): string =>
  `pld${pid.toString(36)}-${randomBytes(2).toString('hex')}`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Scratch bridges, out of ovs-vsctl's list of them, whose maker is gone. */
const leftBehind = (list: string): readonly string[] =>
  [...list.matchAll(NAME)]
    .filter(([, pid = '']) => !isAlive(Number.parseInt(pid, 36)))
    .map(([name]) => name);

const startVswitchd = 'ovs-vswitchd --pidfile --detach --log-file';
const startBoth = `/usr/share/openvswitch/scripts/ovs-ctl start --no-ovs-vswitchd --system-id=random; ${startVswitchd}`;
const start = (byHand: string) => startWith(['openvswitch-switch.service'], byHand);

const noDatabase = (said: string): Diagnosis =>
  /permission denied/i.test(said)
    ? bad(`The database of Open vSwitch may not be used: ${said}`, 'run patchlab as root')
    : bad(`\`ovsdb-server\` does not answer: ${said}`, start(startBoth));

/**
 * Makes a bridge, waits for its port, and removes it. One program does all of it, so that not even a kill of patchlab leaves
 * the bridge behind. Once the database has forgotten it, ovs-vswitchd takes its device away by itself, or when it is
 * started: that may take longer than all other checks together.
 */
const TRY = `
trap '' PIPE
ovs-vsctl ${TIMEOUT} --no-wait add-br "$1" -- set bridge "$1" datapath_type=netdev ${MARK} -- --columns=name find bridge ${MARK} || exit 1
echo =
ovs-vsctl ${TIMEOUT} wait-until interface "$1" 'ofport!=[]' -- get interface "$1" ofport error
port=$?
ovs-vsctl ${TIMEOUT} --no-wait --if-exists del-br "$1"
[ $port -eq 0 ] || exit 2
`;

/** Milliseconds for it. */
const TIME = 15_000;

/** Whether ovs-vswitchd makes what the database asks for. */
function judge(result: CommandResult, said: string): Diagnosis {
  if (result.exitCode === 1) return noDatabase(saying(result));
  if (result.exitCode !== 0)
    return bad(
      'The database of Open vSwitch answers, but `ovs-vswitchd` does not act on it: a bridge got no port within 3 s.',
      start(startVswitchd),
    );
  const [ofport, ...error] = said.trim().split('\n');
  return Number(ofport) > 0
    ? good('a bridge was made and removed')
    : bad(
        `\`ovs-vswitchd\` could not make a bridge: ${error.join(' ')}`,
        'read its log: tail /var/log/openvswitch/ovs-vswitchd.log',
      );
}

export const ovs = defineCheck({
  name: 'ovs',
  title: 'Open vSwitch works',
  doc: 'Patch panels and switches are bridges of Open vSwitch. `ovs-vsctl` notes them in a database; unless `ovs-vswitchd` runs too, nothing comes of it.',
  severity: 'error',
  needs: ['ovs-vsctl'],
  async run(_arg, context) {
    const bridge = scratchBridge(process.pid);
    // -p: a shell would give an effective user up.
    const argv = ['/bin/sh', '-pc', TRY, 'patchlab', bridge];
    const result = await context.run(argv, { toTheEnd: true, timeout: TIME });
    const [list = '', said = ''] = result.stdout.split('=\n');
    const left = leftBehind(list).flatMap((name) => ['--', '--if-exists', 'del-br', name]);
    if (left.length > 0)
      await context.run(['ovs-vsctl', TIMEOUT, '--no-wait', ...left], { toTheEnd: true });
    return judge(result, said);
  },
});
