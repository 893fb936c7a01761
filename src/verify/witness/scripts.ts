import { GROUP, PAUSE, WORDS } from '../run/scripts.js';

/**
 * A mount namespace is a copy of all mounts, and each network namespace that has a name is one: daemons take
 * theirs from one without those, which a process of the group holds.
 */
const WITNESSES = `${GROUP}
mkfifo "$dir/few"
unshare -m /bin/sh -c "umount -R -l /run/netns 2>/dev/null; : >$dir/few; exec sleep 100000" &
few=$!
read -r _ <"$dir/few"
while [ $# -gt 0 ]; do
  name=$1 netns=$2 count=$5
  shift 5
  ${WORDS}
  if [ "$netns" = - ]; then enter=; else enter="--net=/run/netns/$netns"; fi
  eval "{
    nsenter $enter --mount=/proc/$few/ns/mnt -- unshare -m /bin/sh -c \\"\\$PRIVATELY\\" sh \\"\\$dir/\\$name\\" $words
    : >\\"\\$dir/\\$name/ended\\"
  } &"
  shift "$count"
done
wait
`;

/** Run a daemon with a folder as its /run. Arguments: folder, argument array. */
const PRIVATELY = `
echo $$ >"$1/pid"
mount --bind "$1" /run && shift && exec "$@"
`;

/**
 * Does a daemon listen on all its devices? For each it opens a packet socket, and when it has done all else it joins
 * a group there. A group alone says little: a daemon that was killed just now may still be in it. /proc/net/dev_mcast
 * has index, name, members, members by hand, group; /proc/net/packet a line for each socket, packet(7).
 * Arguments: folder of the daemon, group, devices.
 */
const LISTENS = `
listens() {
  [ -S "$1/ladvd/ladvd.sock" ] && read -r pid <"$1/pid" || return 1
  joined=' ' missing=0
  while read -r _ device _ _ address; do
    [ "$address" != "$2" ] || joined="$joined$device "
  done <"/proc/$pid/net/dev_mcast"
  for device in $3; do
    case $joined in *" $device "*) missing=$((missing + 1)) ;; *) return 1 ;; esac
  done
  own=$(ls -l "/proc/$pid/fd")
  while read -r _ _ _ protocol _ _ _ _ inode; do
    case $protocol$own in 0003*"socket:[$inode]"*) missing=$((missing - 1)) ;; esac
  done <"/proc/$pid/net/packet"
  [ $missing -le 0 ]
}
`;

/**
 * Start witnesses: daemons, each with an empty /run of its own, and wait until they listen. Arguments: all their names in one
 * word, folder, seconds, then for each its name, its namespace, the group that it joins (digits only), its devices in one word, the
 * number of its arguments, the argument array. Prints a line for each, `ok` or not, and then what all of them said. Their output goes through a pipe: ladvd forbids itself
 * to write files. For the name of the distribution it asks lsb_release(1), a script of a dozen processes: not here.
 */
export const START_WITNESSES = `${LISTENS}${PAUSE}
trap '' INT
names=$1 dir=$2
shift
folders=
for name in $names; do folders="$folders $dir/$name $dir/$name/ladvd"; done
mkdir -m 755 $folders
mkdir "$dir/bin" && ln -s /bin/true "$dir/bin/lsb_release" && export PATH="$dir/bin:$PATH"
export PRIVATELY='${PRIVATELY}'
{ setsid /bin/sh -c '${WITNESSES}' witnesses witnesses "$@" </dev/null 2>&1 | cat >"$dir/witnesses.log"; } >/dev/null 2>&1 &
shift 2
while [ $# -gt 0 ]; do
  name=$1 count=$5 tries=300 ms=10
  until { listens "$dir/$name" "$3" "$4"; } 2>/dev/null || [ -e "$dir/$name/ended" ] || [ $tries -eq 0 ]; do
    tries=$((tries - 1))
    pause
  done
  if [ $tries -eq 0 ] || [ -e "$dir/$name/ended" ]; then echo deaf; else echo ok; fi
  shift 5
  shift "$count"
done
cat "$dir/witnesses.log"
`;

/**
 * Ask witnesses. Arguments: folder, a line that no answer holds, then for each question the witness, the number
 * of its arguments, the argument array. Prints for each that line, `ok` or `none`, and the answer.
 */
export const ASK_WITNESSES = `
dir=$1 boundary=$2
shift 2
while [ $# -gt 0 ]; do
  name=$1 count=$2
  shift 2
  ${WORDS}
  echo "$boundary"
  if read -r pid <"$dir/$name/pid" && answer=$(eval "nsenter -t $pid -m -n -- $words"); then
    printf 'ok\\n%s\\n' "$answer"
  else
    echo none
  fi
  shift "$count"
done
`;
