#!/bin/sh
# patched-and-mirrored: removes what plan.sh made, last things first, and keeps going on errors.

# undo: run Open vSwitch in switch
sh -c '
mine() {
  [ -n "$2" ] && tr '\''\0'\'' '\''\n'\'' <"/proc/$2/environ" | grep -qxF "PATCHLAB_PROCESS=$1"
} 2>/dev/null

file=/run/patchlab.$1
[ -e "$file.pid" ] || exit 0
tries=20
until read -r pid <"$file.pid" || [ $tries -eq 0 ]; do
  tries=$((tries - 1))
  sleep 0.05
done
if mine "$1" "$pid"; then kill -s TERM "$pid"; fi
tries=100
while mine "$1" "$pid"; do
  tries=$((tries - 1))
  if [ $tries -eq 60 ]; then kill -s KILL "$pid"; fi
  if [ $tries -eq 0 ]; then
    echo "process $pid of $1 does not end" >&2
    exit 1
  fi
  sleep 0.05
done
rm -rf "$file.pid" "$file.log" "$file.json" "$file"
' end patched-and-mirrored.switch.open-vswitch

# undo: network namespace of monitor
# undo: network namespace of c
# undo: network namespace of b
# undo: network namespace of a
# undo: network namespace of switch
ip -force -batch - <<'EOF'
netns del patched-and-mirrored.monitor
netns del patched-and-mirrored.c
netns del patched-and-mirrored.b
netns del patched-and-mirrored.a
netns del patched-and-mirrored.switch
EOF
