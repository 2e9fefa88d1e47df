# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(dpkg-query -Wf 'dash ${Version}' dash)

# A service that does jobs: each file in jobs/ says what to do, as cron's do.
setup() {
	mkdir -p "$dir/jobs" "$dir/data" "$dir/out"
	cat >"$dir/service" <<'END'
#!/bin/sh
cd "$1" || exit
trap 'exit 0' TERM
while :; do
	for job in jobs/*; do
		[ -e "$job" ] || continue
		sh "$job" >"out/${job#jobs/}" 2>&1 && mv "$job" "out/${job#jobs/}.done"
	done
	sleep 0.3
done
END
	for i in 1 2 3; do seq "$i" 1000 >"$dir/data/f$i"; done
	command=(sh "$dir/service" "$dir")
}
# do_job NAME SCRIPT
do_job() { echo "$2" >"$dir/job.$1" && mv "$dir/job.$1" "$dir/jobs/$1" && wait_for 60 test -e "$dir/out/$1.done"; }
try() { [ -e "$dir/out/ready.done" ] || do_job ready 'echo ready'; }
ready() { try; }
learn() { do_job first 'date; ls data | wc -l'; }

life() {
	op date learn
	op copy do_job copy 'cp -a data copy && cmp data/f1 copy/f1'
	op archive do_job archive 'tar czf a.tgz data && mkdir un && tar xzf a.tgz -C un && gzip -t a.tgz'
	op find do_job find 'find data -type f -mtime -1 -size -100k | xargs -n 1 md5sum | sort -k 2 >sums && test -s sums'
	op sort do_job sort 'sort -rn --parallel=2 data/f1 | uniq -c | head -n 3 | awk "{ print \$2 }" | sed s/1/x/ | tr x y'
	op lock do_job lock 'flock lock -c "echo locked" && timeout 5 true && nice -n 5 true && nohup true'
	op files do_job files 'install -m 640 data/f1 i && ln i l && ln -s i s && readlink -f s && stat i && touch -d 2001-01-01 i && truncate -s 10 i && chmod u+x i && mktemp && rm -f i l s && sync'
	op disk do_job disk 'df . && du -s . && free >/dev/null; uptime; ps ax | grep -c . ; id; uname -a; nproc'
	op grep do_job grep 'grep -rc 10 data && diff data/f1 data/f2 | wc -l && comm -12 data/f1 data/f1 | tail -n 1 && split -l 300 data/f1 part. && cat part.* | cmp - data/f1'
	op background do_job background 'sleep 0.2 & wait $!; (exit 3); [ $? -eq 3 ]; kill -0 $$; ulimit -n; umask 077; tee t </dev/null; mkfifo p && { echo x >p & cat p; }; dd if=/dev/zero of=z bs=4k count=10 conv=fsync'
	op perl do_job perl 'perl -e "print 1 + 1, chr(10)" && test -x /bin/sh && expr 1 + 1 && env | wc -l && logger -s x; true'
	op 'graceful stop' ends TERM
}
