import type { ContainerEngine } from '../define.js';

/** The engine without a daemon: podman(1). */
export const podman: ContainerEngine = {
  name: 'podman',
  title: 'Podman',
  version: ['podman', '--version'],
  answers: ['podman', 'info', '--format', '{{.Version.Version}}'],
  remedy: 'mend what `podman info` says',
  // Else it waits for ten seconds before it kills what minds no signal: podman-rm(1).
  removal: ['--force', '--volumes', '--time', '0'],
  trace: '/run/libpod',
};
