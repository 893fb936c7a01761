#!/bin/sh
# ring-failover: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of right
# undo: network namespace of left
# undo: network namespace of top
ip -force -batch - <<'EOF'
netns del ring-failover.right
netns del ring-failover.left
netns del ring-failover.top
EOF
