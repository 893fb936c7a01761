#!/bin/sh
# carrier: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of sw2
# undo: network namespace of sw1
ip -force -batch - <<'EOF'
netns del carrier.sw2
netns del carrier.sw1
EOF
