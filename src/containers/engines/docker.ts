import type { ContainerEngine } from '../define.js';

/** The engine with a daemon: docker(1), dockerd(8). */
export const docker: ContainerEngine = {
  name: 'docker',
  title: 'Docker',
  // The version of the server, which the client does not know by itself.
  answers: ['docker', 'version', '--format', '{{.Server.Version}}'],
  remedy: 'systemctl start docker',
  removal: ['--force', '--volumes'],
  trace: '/run/docker.sock',
};
