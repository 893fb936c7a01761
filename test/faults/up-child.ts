import { up } from '../../src/apply/up.js';
import { smallLab } from '../support/small-lab.js';

/**
 * `up-child.ts LAB BATCH MS`: builds the small lab and kills itself with SIGKILL, MS milliseconds after
 * the start of batch number BATCH. Prints how many batches began.
 */
const [name = '', batch, delay] = process.argv.slice(2);
const { lab, plan } = smallLab(name);
let begun = 0;

await up(lab, plan, {
  onEvent(event) {
    if (event.type !== 'bundle-start') return;
    process.stdout.write(`${++begun}\n`);
    if (begun !== Number(batch)) return;
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(delay));
  },
});
