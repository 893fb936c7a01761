import type { ContainerEngine } from '../define.js';

/** The version of the server, which the client does not know by itself. */
const VERSION = ['docker', 'version', '--format', '{{.Server.Version}}'] as const;

/** The engine with a daemon: docker(1), dockerd(8). */
export const docker: ContainerEngine = {
  name: 'docker',
  title: 'Docker',
  version: VERSION,
  answers: VERSION,
  remedy: 'systemctl start docker',
  removal: ['--force', '--volumes'],
  trace: '/run/docker.sock',
};
