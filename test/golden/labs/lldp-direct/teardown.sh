#!/bin/sh
# lldp-direct: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy lldp-direct.sw2

# undo: boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy lldp-direct.sw1

# undo: sw1:eth1-sw2:eth1: cable
ip link del dev vefurhkfs3bq

# undo: let the console log of sw2 begin anew, and go with the lab
# undo: let the qemu log of sw2 begin anew, and go with the lab
# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/lldp-direct.sw2.console.log /var/log/libvirt/qemu/lldp-direct.sw2.log /var/log/libvirt/qemu/lldp-direct.sw1.console.log /var/log/libvirt/qemu/lldp-direct.sw1.log

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.lldp-direct; delete table arp patchlab.lldp-direct; add table inet patchlab.lldp-direct; delete table inet patchlab.lldp-direct; add table bridge patchlab.lldp-direct; delete table bridge patchlab.lldp-direct
EOF
