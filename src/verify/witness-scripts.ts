import { GROUP, WORDS } from './scripts.js';

/**
 * A mount namespace is a copy of all mounts, and each network namespace that has a name is one: daemons take
 * theirs from one without those, which a process of the group holds.
 */
const WITNESSES = `${GROUP}
unshare -m /bin/sh -c "umount -R -l /run/netns 2>/dev/null; : >$dir/few; exec sleep 100000" &
few=$!
until [ -e "$dir/few" ]; do sleep 0.01; done
while [ $# -gt 0 ]; do
  name=$1 netns=$2 count=$5
  shift 5
  ${WORDS}
  mkdir -m 755 "$dir/$name" "$dir/$name/ladvd"
  if [ "$netns" = - ]; then enter=; else enter="--net=/run/netns/$netns"; fi
  eval "{
    nsenter $enter --mount=/proc/$few/ns/mnt -- unshare -m /bin/sh -c \\"\\$PRIVATELY\\" sh \\"\\$dir/\\$name\\" $words
    : >\\"\\$dir/\\$name/ended\\"
  } &"
  shift "$count"
done
wait
`;

/**
 * Run a daemon with a folder as its /run, and leave there which groups the devices around it were in before. Arguments:
 * folder, argument array.
 */
const PRIVATELY = `
while read -r line; do echo "$line"; done </proc/net/dev_mcast >"$1/before"
echo $$ >"$1/pid"
mount --bind "$1" /run && shift && exec "$@"
`;

/**
 * Does a daemon listen on all its devices? It joins a group on each when it has done all else there, and that is
 * one member more than before: /proc/net/dev_mcast has index, name, members, members by hand, group. Arguments:
 * folder of the daemon, group, devices. No process is started for it.
 */
const LISTENS = `
members() {
  found=' '
  while read -r _ device users _ address; do
    [ "$address" != "$2" ] || found="$found$device=$users "
  done <"$1"
}
listens() {
  [ -S "$1/ladvd/ladvd.sock" ] && read -r pid <"$1/pid" || return 1
  members "$1/before" "$2"
  had=$found
  members "/proc/$pid/net/dev_mcast" "$2"
  for device in $3; do
    case $found in *" $device="*) ;; *) return 1 ;; esac
    users=\${found#*" $device="}
    case $had in *" $device=\${users%% *} "*) return 1 ;; esac
  done
}
`;

/**
 * Start witnesses: daemons, each with an empty /run of its own, and wait until they listen. Arguments: folder,
 * seconds, then for each its name, its namespace, the group that it joins (digits only), its devices in one word, the
 * number of its arguments, the argument array. Prints a line for each, `ok` or not, and then what all of them said. Their output goes through a pipe: ladvd forbids itself
 * to write files. For the name of the distribution it asks lsb_release(1), a script of a dozen processes: not here.
 */
export const START_WITNESSES = `${LISTENS}
trap '' INT
dir=$1
mkdir "$dir/bin" && ln -s /bin/true "$dir/bin/lsb_release" && export PATH="$dir/bin:$PATH"
export PRIVATELY='${PRIVATELY}'
{ setsid /bin/sh -c '${WITNESSES}' witnesses witnesses "$@" </dev/null 2>&1 | cat >"$dir/witnesses.log"; } >/dev/null 2>&1 &
shift 2
while [ $# -gt 0 ]; do
  name=$1 count=$5 tries=400
  until { listens "$dir/$name" "$3" "$4"; } 2>/dev/null || [ -e "$dir/$name/ended" ] || [ $tries -eq 0 ]; do
    tries=$((tries - 1))
    sleep 0.02
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
