import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, copyFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, vi } from 'vitest';

/**
 * Docker and Podman in the private host of a test file, with storage of their own, and an image `busybox` that needs no
 * registry: one program of Debian's package. In place of the machine's cgroups there is the one that Docker cannot be without.
 */

/** Programs of the image, all of them links to one. */
const APPLETS = ['cat', 'echo', 'env', 'httpd', 'ip', 'ls', 'ping', 'sh', 'sleep', 'true'];

const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  docker: ['docker', 'dockerd', 'containerd', 'runc'],
  podman: ['podman', 'conmon', 'crun'],
};

const found = (program: string): boolean =>
  [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'].some((at) =>
    existsSync(join(at, program)),
  );

/** Why an engine cannot be tested here; nothing where it can. */
export const lackOf = (engine: string): string | undefined => {
  const missing = (PROGRAMS[engine] ?? []).find((program) => !found(program));
  return missing === undefined ? undefined : `${missing} is not installed`;
};

const ENGINES = Object.keys(PROGRAMS);
export const enginesHere = ENGINES.filter((engine) => lackOf(engine) === undefined);

/** What an engine says. */
export const ask = async (engine: string, ...args: readonly string[]): Promise<string> =>
  (await execa(engine, args)).stdout;

/** Podman asks for no cgroups, and for no more files and processes than this machine gives. */
const CONTAINERS_CONF = `[containers]
cgroups = "disabled"
log_driver = "k8s-file"
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
`;

/** What is left of cgroups that Docker has made: they are of the machine's kernel, and outlast the private host. */
const CGROUP = '/sys/fs/cgroup/devices/docker';

/** To be called where the file is loaded. @returns starts Docker's daemon again, as a machine does */
export function containerEngines(): { restartDocker: () => Promise<void> } {
  let folder = '';
  let daemon: ReturnType<typeof startDocker> | undefined;
  const docker = async (): Promise<void> => {
    daemon = startDocker(folder);
    await vi.waitUntil(
      async () => (await execa('docker', ['version'], { reject: false })).exitCode === 0,
      { timeout: 60_000, interval: 50 },
    );
  };
  const end = async (): Promise<void> => {
    daemon?.kill('SIGTERM');
    await daemon;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchlab-engines-'));
    await execa('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'cgroups', '/sys/fs/cgroup']);
    await mkdir('/sys/fs/cgroup/devices');
    await execa('mount', ['-t', 'cgroup', '-o', 'devices', 'cgroup', '/sys/fs/cgroup/devices']);
    const conf = join(folder, 'containers.conf');
    await writeFile(conf, CONTAINERS_CONF);
    process.env['CONTAINERS_CONF'] = conf;
    const image = await makeImage(folder);
    if (enginesHere.includes('docker')) await docker();
    await Promise.all(
      enginesHere.map((engine) =>
        execa(engine, ['import', '--change', 'CMD ["/bin/sh"]', image, 'busybox']),
      ),
    );
  }, 120_000);

  afterAll(async () => {
    await end();
    if (existsSync(CGROUP))
      for (const name of readdirSync(CGROUP, { withFileTypes: true }))
        if (name.isDirectory()) rmdirSync(join(CGROUP, name.name));
    if (existsSync(CGROUP)) rmdirSync(CGROUP);
    await execa('umount', ['--lazy', '--recursive', join(folder, 'data')], { reject: false });
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  return {
    async restartDocker() {
      await end();
      await docker();
    },
  };
}

/** It makes no bridge and no packet filter of its own: nothing here is to use its networks. */
const startDocker = (folder: string) =>
  execa(
    'dockerd',
    [
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'pid'), '--host', 'unix:///run/docker.sock'],
      ...['--bridge=none', '--iptables=false', '--ip6tables=false'],
    ],
    { reject: false, stdio: 'ignore', env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` } },
  );

/** The root file system of the image, as tar(1) packs it. @returns its file */
async function makeImage(folder: string): Promise<string> {
  const bin = join(folder, 'root/bin');
  await mkdir(bin, { recursive: true });
  await copyFile('/bin/busybox', join(bin, 'busybox'));
  await Promise.all(APPLETS.map((name) => symlink('busybox', join(bin, name))));
  await mkdir(join(folder, 'root/tmp'));
  const file = join(folder, 'image.tar');
  await execa('tar', ['-C', join(folder, 'root'), '-cf', file, '.']);
  return file;
}
