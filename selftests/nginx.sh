# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A web server to learn: its configuration, its life in a cgroup or a container,
# requests. Sourced by the demo and by the tests that need one.

# shellcheck source=selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# site_config DIR ROOT PORT [HTTP [SERVER]]: a configuration that keeps all below DIR
# and serves ROOT; HTTP and SERVER are lines for those blocks.
site_config() {
	local dir=$1

	cat >"$dir/nginx.conf" <<END
user www-data;
daemon off;
worker_processes 2;
pid $dir/nginx.pid;
error_log $dir/error.log notice;
events { worker_connections 64; }
http {
	access_log $dir/access.log;
	client_body_temp_path $dir/body;
	proxy_temp_path $dir/proxy;
	fastcgi_temp_path $dir/fastcgi;
	uwsgi_temp_path $dir/uwsgi;
	scgi_temp_path $dir/scgi;
	sendfile on;
	${4:-}
	server {
		listen 127.0.0.1:$3;
		root $2;
		${5:-}
	}
}
END
}

# site_make DIR PORT: pages and a configuration, all below DIR.
site_make() {
	local dir=$1

	mkdir -p "$dir/www" && chmod 755 "$dir" || return
	echo 'a page' >"$dir/www/index.html"
	head -c 200000 /dev/zero >"$dir/www/large"
	site_config "$dir" "$dir/www" "$2"
}

# site_command DIR: the words that start nginx on it, in the array command.
site_command() {
	# shellcheck disable=SC2034
	command=(nginx -p "$1" -c "$1/nginx.conf")
}

# answers URL STATUS [CURL-OPTION]...: does the server answer with that status?
answers() {
	local url=$1 want=$2 got
	shift 2

	got=$(curl -s -o /dev/null -m 10 -w '%{http_code}' "$@" "$url")
	[ "$got" = "$want" ] || { echo "$url: status $got, not $want"; return 1; }
}

page_served() { [ "$(curl -s -m 10 "$1/")" = 'a page' ]; }

# bundle_make RUNTIME BUNDLE DIR CGROUP-PATH [PROFILE]: an OCI bundle that runs
# nginx on DIR: this machine's root, read-only, and its network; PROFILE, if any,
# as it is for a filter.
bundle_make() {
	local runtime=$1 bundle=$2 dir=$3 path=$4 profile=${5:-}

	mkdir -p "$bundle/rootfs" || return
	mount --bind / "$bundle/rootfs" || return
	(cd "$bundle" && "$runtime" spec) || return
	jq --arg dir "$dir" --arg path "$path" --slurpfile profile "${profile:-/dev/null}" '
		.process.terminal = false
		| .process.args = ["nginx", "-p", $dir, "-c", $dir + "/nginx.conf"]
		| .process.capabilities |= map_values(. +
			["CAP_SETUID", "CAP_SETGID", "CAP_CHOWN", "CAP_DAC_OVERRIDE"])
		| .root = { path: "rootfs", readonly: true }
		| .mounts += [{ destination: $dir, source: $dir, type: "bind",
				options: ["bind", "rw"] }]
		| .linux.namespaces |= map(select(.type != "network"))
		| .linux.cgroupsPath = $path
		| if $profile == [] then del(.linux.seccomp)
		  else .linux.seccomp = $profile[0] end' \
		"$bundle/config.json" >"$bundle/config.new" &&
		mv "$bundle/config.new" "$bundle/config.json"
}

bundle_remove() { umount "$1/rootfs" && rm -rf "$1"; }
