import { once } from 'node:events';
import { connect } from 'node:net';
import { type CommandResult, escapeCommand } from '../command.js';
import { isHeld } from '../rootless/folders.js';
import { startOwnLibvirt } from '../rootless/libvirt.js';
import { bad, type CheckContext, defineCheck, type Diagnosis, good, saying } from './define.js';
import { findDaemon } from './programs.js';
import { readQemuConf } from './qemu-conf.js';
import { startWith } from './services.js';

const DEFAULT_URI = 'qemu:///system';
const VIRTLOGD = '/run/libvirt/virtlogd-sock';

export type LibvirtFault = 'not-running' | 'no-permission' | 'other';

/** What kept virsh from connecting, by its message (libvirt's src/rpc/virnetsocket.c and src/access/). */
export function libvirtFault(message: string): LibvirtFault {
  if (
    /permission denied|authentication (unavailable|failed)|system bus connection|access denied/i.test(
      message,
    )
  )
    return 'no-permission';
  // Its socket is not there, or nobody listens at it any more.
  return /failed to connect socket to .*(no such file|connection refused)/i.test(message)
    ? 'not-running'
    : 'other';
}

async function notRunning(said: string, context: CheckContext): Promise<Diagnosis> {
  const modular = (await findDaemon('libvirtd', context.env)) === undefined;
  const daemon = modular ? 'virtqemud' : 'libvirtd';
  return modular && (await findDaemon(daemon, context.env)) === undefined
    ? bad('The libvirt daemon is not installed.', 'apt-get install libvirt-daemon-system')
    : bad(
        `\`${daemon}\` does not run: ${said}`,
        startWith(['virtlogd.socket', `${daemon}.socket`], `virtlogd -d; ${daemon} -d`),
      );
}

async function refused(
  uri: string,
  result: CommandResult,
  context: CheckContext,
): Promise<Diagnosis> {
  const said = saying(result);
  const fault = libvirtFault(said);
  if (fault === 'no-permission') {
    return bad(
      `\`${uri}\` may not be used: ${said}`,
      'run patchlab as root, or join the group libvirt',
    );
  }
  return fault === 'not-running' && uri === DEFAULT_URI
    ? notRunning(said, context)
    : bad(
        `\`${uri}\` does not answer: ${said}`,
        `mend PATCHLAB_LIBVIRT_URI, or what it leads to; to try it: ${escapeCommand(result.argv)}`,
      );
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export const libvirt = defineCheck({
  name: 'libvirt',
  title: 'libvirt answers',
  doc: 'Virtual machines are defined and started by libvirt, at the URI in `PATCHLAB_LIBVIRT_URI` (`qemu:///system` unless set). `virtlogd` has to run too, or none of them starts.',
  severity: 'error',
  needs: ['virsh'],
  async run(_arg, context) {
    if (isHeld()) await startOwnLibvirt(context.signal);
    const uri = context.env['PATCHLAB_LIBVIRT_URI'] ?? DEFAULT_URI;
    // Of all that virsh can ask, the URI is what does not make libvirt look at the emulators first.
    const result = await context.run(['virsh', '-c', uri, 'uri']);
    if (result.exitCode !== 0) return refused(uri, result, context);
    if (uri === DEFAULT_URI && (await readQemuConf()).logd && !(await answers(VIRTLOGD))) {
      return bad(
        `\`${uri}\` answers, but \`virtlogd\` does not: nobody listens at ${VIRTLOGD}.`,
        startWith(['virtlogd.socket'], 'virtlogd -d'),
      );
    }
    return good(`\`${result.stdout.trim()}\` answers`);
  },
});
