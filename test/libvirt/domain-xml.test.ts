import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const labs = new URL('../golden/labs/', import.meta.url).pathname;
const domains = readdirSync(labs, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.xml'),
);

describe('the XML of a domain', () => {
  it.each(domains)('%s holds against the schema of libvirt', async (file) => {
    const { stdout } = await execa('virsh', [
      '-c',
      'test:///default',
      'define',
      '--validate',
      join(labs, file),
    ]);
    expect(stdout).toContain('defined from');
  });

  it('would be refused with an element that libvirt does not have', async () => {
    const argv = ['-c', 'test:///default', 'define', '--validate', '/dev/stdin'];
    const input =
      '<domain type="test"><name>x</name><memory>1024</memory><os><type>hvm</type></os><nonsense/></domain>';
    const { stderr, exitCode } = await execa('sh', ['-c', 'cat | virsh "$@"', 'sh', ...argv], {
      input,
      reject: false,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('nonsense');
  });
});
