#!/bin/sh
# vlan-filter: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy vlan-filter.sw2

# undo: boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy vlan-filter.sw1

# undo: sw1:eth1-sw2:eth1: patch panel
ovs-vsctl --timeout=30 -- del-br ovkm2szwniax

# undo: sw2:eth1: its tap on the host
# undo: sw1:eth1: its tap on the host
ip -force -batch - <<'EOF'
link del dev tasg8vfzmxcy
link del dev taz5kge8uiku
EOF

# undo: let the console log of sw2 begin anew, and go with the lab
# undo: let the qemu log of sw2 begin anew, and go with the lab
# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/vlan-filter.sw2.console.log /var/log/libvirt/qemu/vlan-filter.sw2.log /var/log/libvirt/qemu/vlan-filter.sw1.console.log /var/log/libvirt/qemu/vlan-filter.sw1.log

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.vlan-filter; delete table arp patchlab.vlan-filter; add table inet patchlab.vlan-filter; delete table inet patchlab.vlan-filter; add table bridge patchlab.vlan-filter; delete table bridge patchlab.vlan-filter
EOF
