#!/bin/sh
# macvlan-five: removes what plan.sh made, last things first, and keeps going on errors.

# undo: network namespace of stranger
# undo: network namespace of wire
# undo: network namespace of host/source-b
# undo: network namespace of host/source-a
# undo: network namespace of host/passthru-a
# undo: network namespace of host/bridge-b
# undo: network namespace of host/bridge-a
# undo: network namespace of host/vepa-b
# undo: network namespace of host/vepa-a
# undo: network namespace of host/private-b
# undo: network namespace of host/private-a
# undo: network namespace of host
ip -force -batch - <<'EOF'
netns del macvlan-five.stranger
netns del macvlan-five.wire
netns del macvlan-five.host.source-b
netns del macvlan-five.host.source-a
netns del macvlan-five.host.passthru-a
netns del macvlan-five.host.bridge-b
netns del macvlan-five.host.bridge-a
netns del macvlan-five.host.vepa-b
netns del macvlan-five.host.vepa-a
netns del macvlan-five.host.private-b
netns del macvlan-five.host.private-a
netns del macvlan-five.host
EOF
