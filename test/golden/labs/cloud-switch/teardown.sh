#!/bin/sh
# cloud-switch: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of internet
# undo: network namespace of gateway
# undo: network namespace of switch
# undo: network namespace of other
# undo: network namespace of server/container
# undo: network namespace of server
ip -force -batch - <<'EOF'
netns del cloud-switch.internet
netns del cloud-switch.gateway
netns del cloud-switch.switch
netns del cloud-switch.other
netns del cloud-switch.server.container
netns del cloud-switch.server
EOF
