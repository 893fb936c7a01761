import { defineCheck, good } from './define.js';
import { findProgram, missing } from './programs.js';

export const command = defineCheck({
  name: 'command',
  title: 'Program installed',
  doc: 'Labs are built and proved with the usual tools of the system. A step or a probe whose program is missing cannot be run.',
  argument: { meaning: 'name of the program' },
  severity: 'error',
  async run(name, { env }) {
    const path = await findProgram(name, env);
    return path === undefined ? missing(name) : good(`\`${path}\``);
  },
});
