#!/bin/sh
# ports: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of server
# undo: network namespace of r
# undo: network namespace of client
ip -force -batch - <<'EOF'
netns del ports.server
netns del ports.r
netns del ports.client
EOF
