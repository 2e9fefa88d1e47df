#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Install the Debian packages that a purpose needs and that are missing:
# deps.sh build|package|vm|debug|demo|test|static|style|soak|fuzz|eval|bench|fresh...
# With none missing, nothing is done. Prints on stdout what was installed, on one line,
# or nothing; all else goes to stderr.
set -eu

packages()
{
	case $1 in
	build) echo gcc make libc6-dev linux-headers-amd64 pkg-config libnl-3-dev \
		libnl-genl-3-dev libseccomp-dev libjson-c-dev libelf-dev ;;
	vm) echo qemu-system-x86 busybox-static cpio kmod perl iproute2 procps debootstrap xz-utils ;;
	debug) echo linux-source-6.1 xz-utils gcc make libc6-dev bc bison flex libelf-dev libssl-dev kmod ;;
	package) echo build-essential dpkg-dev debhelper dh-dkms ;;
	demo) echo nginx-light curl crun keyutils strace jq util-linux mount ;;
	test) packages demo
		echo linux-source-6.1 xz-utils gcc-multilib libyaml-dev runc dkms man-db \
			auditd bpftrace gdb linux-perf libcap-dev \
			bash-completion zsh fish
		# What looks at a page, and at the picture of it: report_test.sh.
		echo chromium fonts-dejavu-core python3-pil libxml2-utils
		# Those that take profiles: consumer_test.sh.
		echo podman bubblewrap redis-server systemd golang-github-containers-common \
			python3-yaml
		# Whether metrics are what Prometheus reads: stays_test.sh.
		echo prometheus
		# package_test.sh: rpm reads a spec file.
		packages package
		echo lintian rpm
		packages fuzz ;;
	eval) packages demo
		echo nginx-light apache2-bin haproxy redis-server redis-tools memcached \
			postgresql mariadb-server-core mariadb-client-core python3-minimal \
			nodejs lighttpd vsftpd caddy busybox-static psmisc \
			dnsmasq-base bind9-dnsutils mosquitto mosquitto-clients
		# Those of eval/check.
		echo unbound bind9 slapd ldap-utils openssh-server openssh-client ruby perl \
			php-fpm libfcgi-bin openjdk-17-jdk-headless erlang-base squid prometheus \
			etcd-server etcd-client rsync proftpd-core exim4-daemon-light \
			dovecot-imapd stunnel4 openssl samba smbclient rsyslog ffmpeg bsdutils ;;
	bench) echo apache2-utils redis-tools redis-server nginx-light strace bpftrace auditd \
		golang-github-containers-common jq libseccomp-dev ;;
	fuzz) echo clang libclang-rt-14-dev ;;
	soak) echo stress-ng strace ;;
	static) echo sparse cppcheck shellcheck git ;;
	style) echo linux-source-6.1 xz-utils perl git ;;
	fresh) echo debootstrap git util-linux mount ;;
	*) echo "deps.sh: unknown purpose '$1'" >&2; exit 2 ;;
	esac
}

missing()
{
	for p in $wanted; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] ||
			echo "$p"
	done
}

wanted=$(for purpose; do packages "$purpose"; done)
need=$(missing | tr '\n' ' ')
[ -n "$need" ] || exit 0
if [ "$(id -u)" -ne 0 ]; then
	echo "deps.sh: missing packages; as root: apt-get install $need" >&2
	exit 1
fi

# No service (nginx, say) shall start on this machine because of a test.
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
	trap 'rm -f "$guard"' EXIT
	printf '#!/bin/sh\nexit 101\n' >"$guard"
	chmod 755 "$guard"
fi
echo "deps.sh: installing $need" >&2
export DEBIAN_FRONTEND=noninteractive
count() { dpkg-query -W -f '${db:Status-Status}\n' | grep -cx installed; }
before=$(count)
# shellcheck disable=SC2086
apt-get -qq update >&2 && apt-get -qq install -y --no-install-recommends $need >&2
# shellcheck disable=SC2086
set -- $need
echo "$* (and $(($(count) - before - $#)) packages that these depend on)"
