import { PatchlabError } from '../../../errors.js';
import { uuid } from '../../../plan/names.js';
import { defineThing, type LibvirtList } from '../define.js';

/** Uuids of the domains by name; nothing where libvirt does not answer. */
async function readDomains(libvirt: LibvirtList): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return new Map((await libvirt.list()).map(({ name, uuid: id }) => [name, id]));
  } catch (error) {
    if (error instanceof PatchlabError) return undefined;
    throw error;
  }
}

/** A domain of libvirt. Its uuid, which is derived from its name, is the mark. */
export const domain = defineThing({
  type: 'domain',
  noun: 'libvirt domain',
  mark: (lab) => `its uuid is made of the names of lab ${lab} and of the node`,
  endsWithBoot: true,
  read: (_names, libvirt) => readDomains(libvirt),
  isOurs: (there: string, owned) => there === owned.uuid,
  async marked(_lab, libvirt) {
    return [...((await readDomains(libvirt)) ?? [])].flatMap(([name, id]) => {
      const [lab = '', ...node] = name.split('.');
      if (id !== uuid(lab, node.join('.'))) return [];
      return [{ lab, owned: { type: 'domain', name, uuid: id } }];
    });
  },
  removal: ({ name, uuid: id }) => ['guests', { tool: 'destroy-domain', domain: name, uuid: id }],
});
