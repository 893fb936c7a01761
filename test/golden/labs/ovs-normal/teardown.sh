#!/bin/sh
# ovs-normal: removes what plan.sh made, last things first, and keeps going on errors.

# undo: flows: switch
# undo: open: switch
# undo: plain: switch
ovs-vsctl --timeout=30 -- del-br ov3uhydx3z3b -- del-br ovatjcehys6z -- del-br ovcaw3kn8rd6

# undo: b:eth3: its veth on the host
# undo: a:eth3: its veth on the host
# undo: c:eth2: its veth on the host
# undo: b:eth2: its veth on the host
# undo: a:eth2: its veth on the host
# undo: c:eth1: its veth on the host
# undo: b:eth1: its veth on the host
# undo: a:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev veahtct376yk
link del dev ver2jktiws3w
link del dev veesxbkvmc64
link del dev ve4uf2rz8q4b
link del dev vemtbdmix66u
link del dev vebvi4n7m3vc
link del dev ve3y5cngze86
link del dev vepiambd2k4v
EOF

# undo: network namespace of c
# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del ovs-normal.c
netns del ovs-normal.b
netns del ovs-normal.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.ovs-normal; delete table arp patchlab.ovs-normal; add table inet patchlab.ovs-normal; delete table inet patchlab.ovs-normal; add table bridge patchlab.ovs-normal; delete table bridge patchlab.ovs-normal
EOF
