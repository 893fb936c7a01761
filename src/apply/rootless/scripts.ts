import { HELD } from './folders.js';

/**
 * Programs in Perl, because it makes system calls: programs that make one each take a tenth of a second together. Numbers are those of Linux
 * for each processor, AUDIT_ARCH of seccomp(2) first; `refused` is set*id, setgroups and *chown*.
 */
const CALLS = `use strict;
my %calls = (
  x64 => { arch => 0xC000003E, prctl => 157, mount => 165, umount => 166, pivot => 155,
    refused => [105, 106, 113, 114, 116, 117, 119, 92, 93, 94, 260] },
  arm64 => { arch => 0xC00000B7, prctl => 167, mount => 40, umount => 39, pivot => 41,
    refused => [143 .. 147, 149, 159, 54, 55] },
);
my $calls = $calls{'${process.arch}'} or die "no system calls of ${process.arch} are known\\n";
sub call { my ($what, @args) = @_; syscall($calls->{$what}, @args) == 0 or die "$what @args: $!\\n"; }
`;

/**
 * Turns namespaces into a small machine, keeps them, and says so. Its root is a folder in memory, which holds what the machine has at
 * the same places: so `/`, `/var` and `/run` belong to the root of the user namespace, which programs such as ladvd(8) demand before they go on.
 * Of `/run` it has nothing but the folders that are the arguments, by their paths there. What was there as `/sys` stays below the new one: else the kernel
 * lets nobody mount it again, as `ip netns exec` does. It has a boot of its own: what was built before it began is gone.
 */
export const HOLD = `${CALLS}
umask 022;
my ($new, $none) = ('/run', '');
sub mount { my ($from, $to, $type, $data) = @_; call('mount', $from, $to, $type, 0, $data); }
sub show { my ($from, $to) = @_; call('mount', $from, $to, $none, 0x5000, $none); }
sub put { my ($path, $text) = @_; open my $file, '>', $path or die "$path: $!\\n"; print $file $text; }
sub show_all {
  my ($folder) = @_;
  opendir my $all, "$folder/" or die "$folder: $!\\n";
  for my $one (map { "$folder/$_" } grep { !/^\\.\\.?$/ } readdir $all) {
    if (-l $one) { symlink readlink $one, "$new$one"; }
    elsif (-d $one) {
      mkdir "$new$one";
      if ($one eq '/var') { show_all($one); } elsif ($one ne '/run') { show($one, "$new$one"); }
    }
    elsif (-f $one) { put("$new$one", ''); show($one, "$new$one"); }
  }
}
chdir '/run' or die "/run: $!\\n";
mount('patchlab', $new, 'tmpfs', 'mode=755');
show_all('');
mount('sysfs', "$new/sys", 'sysfs', '');
open my $uuid, '<', '/proc/sys/kernel/random/uuid' or die "$!\\n";
put("$new/run/boot_id", <$uuid>);
show("$new/run/boot_id", "$new/proc/sys/kernel/random/boot_id");
mkdir "$new/run/netns";
for my $folder (@ARGV) {
  my $path = "$new/run";
  mkdir $path .= "/$_" for split '/', $folder;
  show("./$folder", $path);
}
mkdir(my $old = "$new/.old");
call('pivot', $new, $old);
chdir '/';
$old = '/.old';
call('umount', $old, 2);
rmdir $old;
system('ip', 'link', 'set', 'dev', 'lo', 'up') == 0 or die "ip(8) failed\\n";
syswrite STDOUT, "ready\\n";
open $_, '+<', '/dev/null' for *STDIN, *STDOUT, *STDERR;
exec 'sleep', 'infinity';
`;

/**
 * Becomes the command line of its parent, octet by octet, in the same folder; it ends when the parent does. An unprivileged user namespace
 * has one user, so that nobody can become another one there, nor give a file away: to programs that want to, the kernel says
 * that it was done (SECCOMP_RET_ERRNO with 0). tcpdump(8) and ladvd(8) give up otherwise. Arguments: program, folder.
 */
export const ENTER = `${CALLS}
my ($program, $folder) = @ARGV;
call('prctl', 1, 9);
my @refused = @{$calls->{refused}};
my $left = @refused;
my $code = join '', map { pack 'SCCL', @$_ } (
  [0x20, 0, 0, 4], [0x15, 0, $left + 1, $calls->{arch}], [0x20, 0, 0, 0],
  (map { [0x15, $left--, 0, $_] } @refused),
  [0x06, 0, 0, 0x7FFF0000], [0x06, 0, 0, 0x00050000],
);
my $filter = pack 'S x![P] P', length($code) / 8, $code;
call('prctl', 22, 2, $filter);
open my $words, '<', '/proc/' . getppid() . '/cmdline' or die "$!\\n";
my @words = split /\\0/, do { local $/; <$words> }, -1;
pop @words;
$ENV{${HELD}} = 1;
chdir $folder or chdir '/';
exec { $program } @words or die "$program: $!\\n";
`;
