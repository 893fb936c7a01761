import { defineResource } from '../define.js';

/** Seconds that cloud-init has. It installs packages, and under emulation each of its stages takes its time. */
const LIMIT = 900;

/** Waits by a file: to ask `cloud-init status` takes a start of Python each time. One line, as scripts hand words to agents. */
const WAIT = [
  `command -v cloud-init >/dev/null || { echo 'the system has no cloud-init: write "cloud_init: false"' >&2; exit 1; }`,
  'until [ -s /run/cloud-init/result.json ]',
  "do [ ! -e /run/cloud-init/disabled ] || { echo 'cloud-init is switched off in this system, or has not found its seed' >&2; exit 1; }",
  'sleep 0.2',
  'done',
  `if tr -d '[:space:]' </run/cloud-init/result.json | grep -q '"errors":\\[\\]'`,
  'then exit 0',
  'fi',
  "echo 'cloud-init has failed; /var/log/cloud-init.log in the guest tells more:' >&2",
  'cat /run/cloud-init/result.json >&2',
  'exit 1',
].join('; ');

/** A system that cloud-init has set up: https://docs.cloud-init.io */
export const cloudInit = defineResource<Readonly<Record<string, never>>>({
  type: 'cloud-init',
  noun: 'cloud-init',
  stage: () => 'inside',
  make: () => [{ do: { tool: 'exec', argv: ['sh', '-c', WAIT], seconds: LIMIT } }],
  remove: () => [],
});
