#!/bin/sh
# packet-filter: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of b
# undo: network namespace of fw
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del packet-filter.b
netns del packet-filter.fw
netns del packet-filter.a
EOF
