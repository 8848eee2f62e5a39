# Runs a program whose fsync and fdatasync fail with EIO, as on a disk that refuses, for every file descriptor from
# FIRST on: a seccomp filter, inherited through exec, that no privilege is needed for.
# Usage: perl deny-sync.pl FIRST PROGRAM ARGUMENT...
use strict;
use warnings;
use POSIX ();

# machine => [architecture in the filter's terms, prctl, fsync, fdatasync]
my %known = (x86_64 => [0xc000003e, 157, 74, 75], aarch64 => [0xc00000b7, 167, 82, 83]);
my $machine = (POSIX::uname())[4];
my ($architecture, $prctl, @denied) = @{ $known{$machine} or die "no system call numbers for $machine\n" };

my $first = shift @ARGV;

sub instruction { return pack 'S C C L', @_ }    # code, jump if true, jump if false, operand
my $filter = instruction(0x20, 0, 0, 4)            # load the architecture
  . instruction(0x15, 0, 5, $architecture)         # another one: allow
  . instruction(0x20, 0, 0, 0)                     # load the call's number
  . instruction(0x15, 1, 0, $denied[0])            # fsync: look at the descriptor
  . instruction(0x15, 0, 2, $denied[1])            # neither it nor fdatasync: allow
  . instruction(0x20, 0, 0, 16)                    # load the descriptor
  . instruction(0x35, 1, 0, $first)                # from FIRST on: fail
  . instruction(0x06, 0, 0, 0x7fff0000)            # allow
  . instruction(0x06, 0, 0, 0x00050000 | 5);       # fail with EIO
my $program = pack 'S x![P] P', length($filter) / 8, $filter;

syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "PR_SET_NO_NEW_PRIVS: $!\n";
syscall($prctl, 22, 2, $program, 0, 0) == 0 or die "PR_SET_SECCOMP: $!\n";
exec @ARGV or die "exec: $!\n";
