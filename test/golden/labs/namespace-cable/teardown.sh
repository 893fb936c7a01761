#!/bin/sh
# namespace-cable: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del namespace-cable.b
netns del namespace-cable.a
EOF
