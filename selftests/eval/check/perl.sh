# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(perl -e 'print "perl $^V"')

setup() {
	pages
	cat >"$dir/server.pl" <<'END'
use strict; use warnings;
use IO::Socket::INET; use IO::Select; use POSIX (); use File::Temp; use File::Copy; use File::Path; use Fcntl ':flock'; use Sys::Hostname; use Time::HiRes;
my ($site, $work) = @ARGV;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8080, Listen => 50, ReuseAddr => 1) or die $!;
$SIG{TERM} = sub { exit 0 };
$SIG{CHLD} = sub { while (waitpid(-1, POSIX::WNOHANG()) > 0) {} };
sub answer { my ($c, $s, $b) = @_; print $c "HTTP/1.1 $s X\r\nContent-Length: ", length $b, "\r\nConnection: close\r\n\r\n", $b }
sub slurp { open my $f, '<:raw', $_[0] or die "$_[0]: $!"; local $/; <$f> }
sub files {
	my $d = "$work/d.$$"; mkpath("$d/e");
	open my $f, '>', "$d/a" or die; print $f 'x' x 100; close $f;
	rename "$d/a", "$d/b" or die; link "$d/b", "$d/c" or die; symlink 'b', "$d/s" or die; chmod 0600, "$d/b" or die;
	utime 0, 0, "$d/b" or die; truncate "$d/b", 3 or die; copy("$d/b", "$d/e/f") or die;
	opendir my $h, $d or die; my $n = grep { !/^\./ } readdir $h; closedir $h; rmtree($d); return $n;
}
while (1) {
	my $c = $server->accept or next;
	my $pid = fork; if ($pid) { close $c; next }
	local $SIG{CHLD} = 'DEFAULT';
	my $line = <$c> // ''; my (undef, $path) = split ' ', $line; $path //= '';
	while (my $l = <$c>) { last if $l eq "\r\n" }
	eval {
		if ($path eq '/') { answer($c, 200, slurp("$site/index.html")) }
		elsif ($path eq '/large') { answer($c, 200, slurp("$site/large")) }
		elsif ($path eq '/files') { answer($c, 200, files()) }
		elsif ($path eq '/temp') { my $t = File::Temp->new; print $t 'z'; $t->flush; flock $t, LOCK_EX or die; answer($c, 200, 'ok') }
		elsif ($path eq '/run') { answer($c, 200, scalar `printf 'b\\na\\n' | sort`) }
		elsif ($path eq '/host') { answer($c, 200, hostname() . ' ' . (POSIX::uname())[0] . ' ' . POSIX::ttyname(0) // '') }
		elsif ($path eq '/users') { answer($c, 200, (getpwnam('nobody'))[2] . ' ' . (getpwuid(0))[0]) }
		elsif ($path eq '/sleep') { Time::HiRes::sleep(0.1); Time::HiRes::ualarm(0); IO::Select->new($c)->can_write(1); answer($c, 200, 'slept') }
		elsif ($path eq '/resolve') { answer($c, 200, Socket::inet_ntoa(scalar gethostbyname('localhost'))) }
		else { answer($c, 404, 'no') }
		1 } or answer($c, 500, $@);
	close $c; POSIX::_exit(0);
}
END
	command=(perl "$dir/server.pl" "$site" "$dir")
}
ready() { page; }
learn() { page && missing; }

life() {
	op page page
	op large large
	op missing missing
	op files says files '[0-9]'
	op 'temporary file' says temp ok
	op 'a program' says run a
	op users says users root
	op sleep says sleep slept
	op resolve says resolve 127
	op 'many clients' crowd
	op 'client leaves' leave
	op 'graceful stop' ends TERM
}
