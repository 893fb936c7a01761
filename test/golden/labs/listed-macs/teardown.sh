#!/bin/sh
# listed-macs: removes what plan.sh made, last things first, and keeps going on errors.

# undo: switch: Linux bridge
ip link del dev bry6a6uybf5t

# undo: quiet:eth1: its veth on the host
# undo: other:eth1: its veth on the host
# undo: server:eth0: its veth on the host
ip -force -batch - <<'EOF'
link del dev vernvw9e4k46
link del dev ve6ksquwnzf2
link del dev ve8cr3s2fh5n
EOF

# undo: network namespace of quiet
# undo: network namespace of other
# undo: network namespace of server/stranger
# undo: network namespace of server/router
# undo: network namespace of server
ip -force -batch - <<'EOF'
netns del listed-macs.quiet
netns del listed-macs.other
netns del listed-macs.server.stranger
netns del listed-macs.server.router
netns del listed-macs.server
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.listed-macs; delete table arp patchlab.listed-macs; add table inet patchlab.listed-macs; delete table inet patchlab.listed-macs; add table bridge patchlab.listed-macs; delete table bridge patchlab.listed-macs
EOF
