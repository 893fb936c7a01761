#!/bin/sh
# macvtap-passthru: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy macvtap-passthru.sw2

# undo: boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy macvtap-passthru.sw1

# undo: sw1:eth1-sw2:eth1: cable
ip link del dev ver4gjkjuuap

# undo: let the console log of sw2 begin anew, and go with the lab
# undo: let the qemu log of sw2 begin anew, and go with the lab
# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/macvtap-passthru.sw2.console.log /var/log/libvirt/qemu/macvtap-passthru.sw2.log /var/log/libvirt/qemu/macvtap-passthru.sw1.console.log /var/log/libvirt/qemu/macvtap-passthru.sw1.log

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.macvtap-passthru; delete table arp patchlab.macvtap-passthru; add table inet patchlab.macvtap-passthru; delete table inet patchlab.macvtap-passthru; add table bridge patchlab.macvtap-passthru; delete table bridge patchlab.macvtap-passthru
EOF
