#!/bin/sh
# macvlan-modes: removes what plan.sh made, last things first, and keeps going on errors.

# undo: relayed: bridge that reflects
ip link del dev brng5ys5rfxd

# undo: relayed: lower device
# undo: plain: lower device
# undo: bridged: lower device
ip -force -batch - <<'EOF'
link del dev ve2bj5suqqhx
link del dev vef3m562ajwy
link del dev vexmyphjrscn
EOF

# undo: network namespace of wire
# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del macvlan-modes.wire
netns del macvlan-modes.b
netns del macvlan-modes.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.macvlan-modes; delete table arp patchlab.macvlan-modes; add table inet patchlab.macvlan-modes; delete table inet patchlab.macvlan-modes; add table bridge patchlab.macvlan-modes; delete table bridge patchlab.macvlan-modes
EOF
