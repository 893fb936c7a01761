#!/bin/sh
# tc-redirect: removes what plan.sh made, last things first, and keeps going on errors.

# undo: b:eth2: its veth on the host
# undo: a:eth2: its veth on the host
# undo: b:eth1: its veth on the host
# undo: a:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev vejpm6bpjf5j
link del dev veeei6rbzmyc
link del dev vepjdf6j8jj3
link del dev vebej4aevxsk
EOF

# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del tc-redirect.b
netns del tc-redirect.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.tc-redirect; delete table arp patchlab.tc-redirect; add table inet patchlab.tc-redirect; delete table inet patchlab.tc-redirect; add table bridge patchlab.tc-redirect; delete table bridge patchlab.tc-redirect
EOF
