import { HELD } from './folders.js';

/**
 * Turns namespaces into a small machine, keeps them, and says so. Its root is a folder in memory, which holds what the machine has at
 * the same places: so `/`, `/var` and `/run` belong to the root of the user namespace, which programs such as ladvd(8) demand before they go on.
 * Of `/run` it has nothing but the folders that are the arguments, by their paths there. What was there as `/sys` stays below the new one: else the kernel
 * lets nobody mount it again, as `ip netns exec` does. It has a boot of its own: what was built before it began is gone.
 */
export const HOLD = `set -e
umask 022
new=/run
cd /run
mount -t tmpfs -o mode=755 patchlab $new
show() {
  for one in "$1"/*; do
    if [ -L "$one" ]; then cp -P -- "$one" "$new$one"
    elif [ "$one" = /var ]; then mkdir "$new$one"; show "$one"
    elif [ "$one" = /run ]; then mkdir "$new$one"
    elif [ -d "$one" ]; then mkdir "$new$one"; mount --rbind -- "$one" "$new$one"
    elif [ -f "$one" ]; then : >"$new$one"; mount --bind -- "$one" "$new$one"
    fi
  done
}
show ''
mount -t sysfs sysfs $new/sys
cat /proc/sys/kernel/random/uuid >$new/run/boot_id
mount --bind $new/run/boot_id $new/proc/sys/kernel/random/boot_id
mkdir $new/run/netns $new/.old
for one; do mkdir -p -- "$new/run/$one"; mount --no-canonicalize --rbind -- "./$one" "$new/run/$one"; done
cd /
pivot_root $new $new/.old
umount --lazy /.old
rmdir /.old
ip link set dev lo up
echo ready
exec sleep infinity </dev/null >/dev/null 2>&1
`;

/**
 * Becomes the command line of its parent, octet by octet, in the same folder; it ends when the parent does. An unprivileged user namespace
 * has one user, so that nobody can become another one there, nor give a file away: to programs that want to, the kernel says
 * that it was done (SECCOMP_RET_ERRNO with 0). tcpdump(8) and ladvd(8) give up otherwise. Numbers are those of seccomp(2), prctl(2) and, for each
 * processor, of its system calls: prctl, set*id, setgroups, *chown*. Arguments: program, folder.
 */
export const ENTER = `use strict;
my ($program, $folder) = @ARGV;
my %calls = (
  x86_64 => [0xC000003E, 157, 105, 106, 113, 114, 116, 117, 119, 92, 93, 94, 260],
  aarch64 => [0xC00000B7, 167, 143 .. 147, 149, 159, 54, 55],
);
chomp(my $machine = qx(uname -m));
my ($arch, $prctl, @refused) = @{$calls{$machine} or die "patchlab: no system calls of $machine are known\\n"};
syscall($prctl, 1, 9) == 0 or die "patchlab: prctl: $!\\n";
my $left = @refused;
my $code = join '', map { pack 'SCCL', @$_ } (
  [0x20, 0, 0, 4], [0x15, 0, $left + 1, $arch], [0x20, 0, 0, 0],
  (map { [0x15, $left--, 0, $_] } @refused),
  [0x06, 0, 0, 0x7FFF0000], [0x06, 0, 0, 0x00050000],
);
my $filter = pack 'S x![P] P', length($code) / 8, $code;
syscall($prctl, 22, 2, $filter) == 0 or die "patchlab: seccomp: $!\\n";
open my $words, '<', '/proc/' . getppid() . '/cmdline' or die "patchlab: $!\\n";
my @words = split /\\0/, do { local $/; <$words> }, -1;
pop @words;
$ENV{${HELD}} = 1;
chdir $folder or chdir '/';
exec { $program } @words or die "patchlab: $program: $!\\n";
`;
