#!/bin/sh
# hsr-ring: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot c (guest kinds, 256MiB, tcg)
virsh -c qemu:///system destroy hsr-ring.c

# undo: boot b (guest kinds, 256MiB, tcg)
virsh -c qemu:///system destroy hsr-ring.b

# undo: boot a (guest kinds, 256MiB, tcg)
virsh -c qemu:///system destroy hsr-ring.a

# undo: a:eth1: its tap on the host
# undo: c:eth2: its tap on the host
# undo: c:eth1: its tap on the host
# undo: b:eth2: its tap on the host
# undo: b:eth1: its tap on the host
# undo: a:eth2: its tap on the host
ip -force -batch - <<'EOF'
link del dev tab7jpx2fmfy
link del dev tamk84uqx3dj
link del dev ta22ybej4pfd
link del dev ta4s2zdjmaik
link del dev ta4cebnu5xwe
link del dev takcg6vdrxp8
EOF

# undo: let the console log of c begin anew, and go with the lab
# undo: let the qemu log of c begin anew, and go with the lab
# undo: let the console log of b begin anew, and go with the lab
# undo: let the qemu log of b begin anew, and go with the lab
# undo: let the console log of a begin anew, and go with the lab
# undo: let the qemu log of a begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/hsr-ring.c.console.log /var/log/libvirt/qemu/hsr-ring.c.log /var/log/libvirt/qemu/hsr-ring.b.console.log /var/log/libvirt/qemu/hsr-ring.b.log /var/log/libvirt/qemu/hsr-ring.a.console.log /var/log/libvirt/qemu/hsr-ring.a.log

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.hsr-ring; delete table arp patchlab.hsr-ring; add table inet patchlab.hsr-ring; delete table inet patchlab.hsr-ring; add table bridge patchlab.hsr-ring; delete table bridge patchlab.hsr-ring
EOF
