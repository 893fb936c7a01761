import { defineResource, ip } from '../define.js';

/** The alias by which people see whose a device is: ip-link(8). */
export const mark = defineResource<{ readonly device: string; readonly alias: string }>({
  type: 'mark',
  noun: 'mark',
  stage: () => 'inside',
  make: ({ device, alias }) => [ip('link', 'set', 'dev', device, 'alias', alias)],
  remove: ({ device }) => [ip('link', 'set', 'dev', device, 'alias', '')],
});
