#!/bin/sh
# no-way: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of d
# undo: network namespace of c
# undo: network namespace of b
# undo: network namespace of r
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del no-way.d
netns del no-way.c
netns del no-way.b
netns del no-way.r
netns del no-way.a
EOF
