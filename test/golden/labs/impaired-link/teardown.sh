#!/bin/sh
# impaired-link: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot far (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy impaired-link.far

# undo: boot near (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy impaired-link.near

# undo: let the console log of far begin anew, and go with the lab
# undo: let the qemu log of far begin anew, and go with the lab
# undo: let the console log of near begin anew, and go with the lab
# undo: let the qemu log of near begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/impaired-link.far.console.log /var/log/libvirt/qemu/impaired-link.far.log /var/log/libvirt/qemu/impaired-link.near.console.log /var/log/libvirt/qemu/impaired-link.near.log
