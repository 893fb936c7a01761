#!/bin/sh
# moved-patches: removes what plan.sh made, last things first, and keeps going on errors.

# undo: rack: patch panel
ovs-vsctl --timeout=30 -- del-br ov5swpjt8xpk

# undo: d:eth1: its veth on the host
# undo: c:eth1: its veth on the host
# undo: b:eth1: its veth on the host
# undo: a:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev ves8rmy6xk23
link del dev ve3yr8aw9cz6
link del dev ve43ad7qwgae
link del dev veveb968ggu3
EOF

# undo: network namespace of d
# undo: network namespace of c
# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del moved-patches.d
netns del moved-patches.c
netns del moved-patches.b
netns del moved-patches.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.moved-patches; delete table arp patchlab.moved-patches; add table inet patchlab.moved-patches; delete table inet patchlab.moved-patches; add table bridge patchlab.moved-patches; delete table bridge patchlab.moved-patches
EOF
