#!/bin/sh
# three-routers: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of b
# undo: network namespace of r3
# undo: network namespace of r2
# undo: network namespace of r1
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del three-routers.b
netns del three-routers.r3
netns del three-routers.r2
netns del three-routers.r1
netns del three-routers.a
EOF
