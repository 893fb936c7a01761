/** In the environment of all that patchlab runs on this machine: a named pipe that somebody has open for writing as long as patchlab lives. */
export const ALIVE = 'PATCHLAB_ALIVE';

/**
 * Words of a shell: `outlast SECONDS` waits for so long, and fails as soon as patchlab has ended, in whatever way. In a
 * guest nobody can tell, so there it only waits. 124: timeout(1).
 */
export const OUTLAST = `
outlast() {
  [ -n "$${ALIVE}" ] || { sleep "$1"; return; }
  timeout --foreground "$1" cat "$${ALIVE}"
  [ $? -eq 124 ]
}
`;
