import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVirshShell } from '../../src/apply/hosts/virsh-shell.js';
import { openLibvirt, type Libvirt } from '../../src/apply/libvirt.js';
import { PatchlabError } from '../../src/errors.js';
import { uuid } from '../../src/plan/names.js';

// libvirt's test driver: a hypervisor inside virsh, so one for what is called one after the other.
let libvirt: Libvirt;
beforeEach(() => {
  libvirt = openLibvirt('test:///default');
});
afterEach(() => libvirt.close());

const idOf = (name: string): string => uuid('test', name);
const xmlOf = (name: string): string =>
  `<domain type='test'><name>${name}</name><uuid>${idOf(name)}</uuid><memory>65536</memory>` +
  `<os><type>hvm</type></os></domain>`;

describe('libvirt', () => {
  it('makes, finds and ends a domain', async () => {
    await libvirt.create(xmlOf('one'));
    expect(await libvirt.list()).toContainEqual({ name: 'one', uuid: idOf('one') });
    expect(await libvirt.state('one')).toBe('running');
    expect(await libvirt.xml('one')).toContain(idOf('one'));
    expect(await libvirt.destroy(idOf('one'))).toBe(true);
    expect(await libvirt.destroy(idOf('one'))).toBe(false);
    expect([await libvirt.state('one'), await libvirt.xml('one')]).toEqual([undefined, undefined]);
  });

  it("says what failed in libvirt's own words", async () => {
    await libvirt.create(xmlOf('twice'));
    await expect(libvirt.create(xmlOf('twice'))).rejects.toMatchObject({
      code: 'libvirt/failed',
      what: 'libvirt could not start domain `twice`.',
      why: expect.stringContaining('twice') as string,
    });
    await expect(libvirt.create('<domain/>')).rejects.toMatchObject({
      why: expect.stringContaining('name') as string,
    });
  });

  it('tells that nobody answers', async () => {
    const nobody = openLibvirt('qemu+unix:///system?socket=/nonexistent');
    const error: unknown = await nobody.list().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PatchlabError);
    expect(error).toMatchObject({ code: 'libvirt/unreachable', exitCode: 4 });
    nobody.close();
  });
});

describe('the virsh that is kept running', () => {
  it('gives each command its own answer, words as they are, errors too', async () => {
    const shell = openVirshShell('test:///default');
    const long = 'x'.repeat(100_000);
    const odd = `{"a":"it's \\ \\"$HOME\\" #1"}`;
    const answers = await Promise.allSettled([
      shell.run(['domstate', 'test'], 5000),
      shell.run(['domstate', 'no such domain'], 5000),
      shell.run(['echo', odd], 5000),
      shell.run(['echo', long], 5000),
      shell.run(['dominfo', 'test'], 5000),
    ]);
    shell.close();
    const [state, error, quoted, large, info] = answers.map((answer) =>
      answer.status === 'fulfilled' ? answer.value : (answer.reason as PatchlabError),
    );
    expect(state).toBe('running');
    expect(error).toMatchObject({
      code: 'libvirt/failed',
      what: '`virsh domstate no such domain` failed.',
    });
    expect((error as PatchlabError).why).toContain("failed to get domain 'no such domain'");
    expect(quoted).toBe(odd);
    expect(large).toBe(long);
    expect(info).toMatch(/^Id: .*\nName: +test\n/);
  });

  it('is started anew after it has ended', async () => {
    const shell = openVirshShell('test:///default');
    await expect(shell.run(['quit'], 5000)).rejects.toMatchObject({ why: 'virsh has ended' });
    expect(await shell.run(['domstate', 'test'], 5000)).toBe('running');
    shell.close();
    await expect(shell.run(['nodeinfo'], 5000)).resolves.toContain('CPU');
    shell.close();
  });
});
