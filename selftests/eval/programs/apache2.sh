# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(apache2 -v | head -n 1)

setup() {
	pages
	mkdir -p "$site/below" && echo text >"$site/below/file"
	command=(apache2 -d "$dir" -f "$dir/apache2.conf" -D FOREGROUND)
	{
		for m in mpm_event authz_core authz_host mime dir autoindex alias deflate filter \
			headers rewrite status; do
			echo "LoadModule ${m}_module /usr/lib/apache2/modules/mod_$m.so"
		done
		cat <<END
User www-data
Group www-data
PidFile $dir/pid
ErrorLog $dir/error.log
LogFormat "%h %>s" short
CustomLog $dir/access.log short
Listen 127.0.0.1:8080
ServerName localhost
DocumentRoot $site
StartServers 2
MinSpareThreads 10
MaxSpareThreads 20
ThreadsPerChild 10
MaxRequestWorkers 40
DirectoryIndex index.html
TypesConfig /etc/mime.types
AddOutputFilterByType DEFLATE text/html
<Directory $site>
	Options Indexes
	AllowOverride All
	Require all granted
</Directory>
<Location /status>
	SetHandler server-status
</Location>
END
	} >"$dir/apache2.conf"
	mkdir -p /var/run/apache2
}
ready() { page; }
learn() { page && large && missing; }

listing() { get "$url/below/" 200 && grep -q file "$dir/got"; }
htaccess() { echo 'Redirect /below/old /none' >"$site/below/.htaccess" && get "$url/below/old" 302; }
gracefully() { signal USR1 && wait_for 30 grep -qi 'graceful restart' "$dir/error.log" && wait_for 60 page; }
rotate() {
	mv "$dir/access.log" "$dir/access.old" && signal HUP &&
		wait_for 30 test -e "$dir/access.log" && wait_for 60 page &&
		wait_for 30 test -s "$dir/access.log"
}
life() {
	op page page
	op part part
	op 'directory listing' listing
	op htaccess htaccess
	op compressed get "$url/" 200 -H 'Accept-Encoding: gzip'
	op status get "$url/status" 200
	op crowd crowd
	op 'graceful restart' gracefully
	op 'log rotation and restart' rotate
	op 'crash of a child' crash KILL
	op 'client leaves' leave
	op 'graceful stop' ends WINCH
}
