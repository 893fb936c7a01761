#!/bin/sh
# fat-tree: removes what plan.sh made, last things first, and keeps going on errors.

# undo: run Open vSwitch in e42
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
' end fat-tree.e42.open-vswitch

# undo: run Open vSwitch in e41
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
' end fat-tree.e41.open-vswitch

# undo: run Open vSwitch in e32
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
' end fat-tree.e32.open-vswitch

# undo: run Open vSwitch in e31
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
' end fat-tree.e31.open-vswitch

# undo: run Open vSwitch in e22
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
' end fat-tree.e22.open-vswitch

# undo: run Open vSwitch in e21
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
' end fat-tree.e21.open-vswitch

# undo: run Open vSwitch in e12
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
' end fat-tree.e12.open-vswitch

# undo: run Open vSwitch in e11
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
' end fat-tree.e11.open-vswitch

# undo: run Open vSwitch in a42
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
' end fat-tree.a42.open-vswitch

# undo: run Open vSwitch in a41
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
' end fat-tree.a41.open-vswitch

# undo: run Open vSwitch in a32
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
' end fat-tree.a32.open-vswitch

# undo: run Open vSwitch in a31
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
' end fat-tree.a31.open-vswitch

# undo: run Open vSwitch in a22
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
' end fat-tree.a22.open-vswitch

# undo: run Open vSwitch in a21
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
' end fat-tree.a21.open-vswitch

# undo: run Open vSwitch in a12
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
' end fat-tree.a12.open-vswitch

# undo: run Open vSwitch in a11
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
' end fat-tree.a11.open-vswitch

# undo: run Open vSwitch in c22
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
' end fat-tree.c22.open-vswitch

# undo: run Open vSwitch in c21
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
' end fat-tree.c21.open-vswitch

# undo: run Open vSwitch in c12
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
' end fat-tree.c12.open-vswitch

# undo: run Open vSwitch in c11
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
' end fat-tree.c11.open-vswitch

# undo: run the controller os-ken in ctl
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
' end fat-tree.ctl.controller

# undo: control: Linux bridge
ip link del dev br8xbdvu2ba6

# undo: e42:eth0: its veth on the host
# undo: e41:eth0: its veth on the host
# undo: e32:eth0: its veth on the host
# undo: e31:eth0: its veth on the host
# undo: e22:eth0: its veth on the host
# undo: e21:eth0: its veth on the host
# undo: e12:eth0: its veth on the host
# undo: e11:eth0: its veth on the host
# undo: a42:eth0: its veth on the host
# undo: a41:eth0: its veth on the host
# undo: a32:eth0: its veth on the host
# undo: a31:eth0: its veth on the host
# undo: a22:eth0: its veth on the host
# undo: a21:eth0: its veth on the host
# undo: a12:eth0: its veth on the host
# undo: a11:eth0: its veth on the host
# undo: c22:eth0: its veth on the host
# undo: c21:eth0: its veth on the host
# undo: c12:eth0: its veth on the host
# undo: c11:eth0: its veth on the host
# undo: ctl:eth0: its veth on the host
ip -force -batch - <<'EOF'
link del dev ved3gzfdn3qq
link del dev ve46knkkkuyp
link del dev vemgx8tha4w5
link del dev vempjt8iywaf
link del dev vepegnwnmxfg
link del dev vefc2uxsf2yb
link del dev veicyebb9rs5
link del dev vehb8zfdgws6
link del dev vesfdwww775d
link del dev ve732v7z96an
link del dev vecjqz4k8icj
link del dev vey39gdv5k8a
link del dev ve2dxwthpqpw
link del dev vec7iqxeuj89
link del dev ve96ba2y8muw
link del dev vexs2dcvgim5
link del dev vepmdz838rn4
link del dev ves6im5wnrci
link del dev ve6wyrfca256
link del dev vemyf9pzvjja
link del dev ve6zj9pp7qxv
EOF

# undo: network namespace of h422
# undo: network namespace of h421
# undo: network namespace of h412
# undo: network namespace of h411
# undo: network namespace of h322
# undo: network namespace of h321
# undo: network namespace of h312
# undo: network namespace of h311
# undo: network namespace of h222
# undo: network namespace of h221
# undo: network namespace of h212
# undo: network namespace of h211
# undo: network namespace of h122
# undo: network namespace of h121
# undo: network namespace of h112
# undo: network namespace of h111
# undo: network namespace of e42
# undo: network namespace of e41
# undo: network namespace of e32
# undo: network namespace of e31
# undo: network namespace of e22
# undo: network namespace of e21
# undo: network namespace of e12
# undo: network namespace of e11
# undo: network namespace of a42
# undo: network namespace of a41
# undo: network namespace of a32
# undo: network namespace of a31
# undo: network namespace of a22
# undo: network namespace of a21
# undo: network namespace of a12
# undo: network namespace of a11
# undo: network namespace of c22
# undo: network namespace of c21
# undo: network namespace of c12
# undo: network namespace of c11
# undo: network namespace of ctl
ip -force -batch - <<'EOF'
netns del fat-tree.h422
netns del fat-tree.h421
netns del fat-tree.h412
netns del fat-tree.h411
netns del fat-tree.h322
netns del fat-tree.h321
netns del fat-tree.h312
netns del fat-tree.h311
netns del fat-tree.h222
netns del fat-tree.h221
netns del fat-tree.h212
netns del fat-tree.h211
netns del fat-tree.h122
netns del fat-tree.h121
netns del fat-tree.h112
netns del fat-tree.h111
netns del fat-tree.e42
netns del fat-tree.e41
netns del fat-tree.e32
netns del fat-tree.e31
netns del fat-tree.e22
netns del fat-tree.e21
netns del fat-tree.e12
netns del fat-tree.e11
netns del fat-tree.a42
netns del fat-tree.a41
netns del fat-tree.a32
netns del fat-tree.a31
netns del fat-tree.a22
netns del fat-tree.a21
netns del fat-tree.a12
netns del fat-tree.a11
netns del fat-tree.c22
netns del fat-tree.c21
netns del fat-tree.c12
netns del fat-tree.c11
netns del fat-tree.ctl
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.fat-tree; delete table arp patchlab.fat-tree; add table inet patchlab.fat-tree; delete table inet patchlab.fat-tree; add table bridge patchlab.fat-tree; delete table bridge patchlab.fat-tree
EOF
