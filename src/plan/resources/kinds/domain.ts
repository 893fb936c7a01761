import { defineResource } from '../define.js';

interface DomainState {
  readonly name: string;
  readonly uuid: string;
  /** As libvirt gets it: https://libvirt.org/formatdomain.html */
  readonly xml: string;
  /** The same without its NICs: what cannot be changed while it runs. */
  readonly base: string;
}

/** A transient domain of libvirt: it leaves nothing behind when it ends. */
export const domain = defineResource<DomainState>({
  type: 'domain',
  noun: 'domain',
  stage: () => 'guests',
  owns: ({ name, uuid }) => ({ type: 'domain', name, uuid }),
  make: ({ name, xml }) => [{ do: { tool: 'create-domain', domain: name, xml } }],
  remove: ({ name, uuid }) => [{ do: { tool: 'destroy-domain', domain: name, uuid } }],
  change: (old, wanted) =>
    old.base === wanted.base ? [] : 'libvirt cannot change that of a domain that runs',
});
