#!/bin/sh
# typed: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of d
# undo: network namespace of c
# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del typed.d
netns del typed.c
netns del typed.b
netns del typed.a
EOF
