#!/bin/sh
# team-beside-bond: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot host (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy team-beside-bond.host

# undo: let the console log of host begin anew, and go with the lab
# undo: let the qemu log of host begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/team-beside-bond.host.console.log /var/log/libvirt/qemu/team-beside-bond.host.log
