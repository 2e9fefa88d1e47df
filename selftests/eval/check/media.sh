# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(ffmpeg -version | head -n 1)

# A worker: it makes out/NAME of each in/NAME that appears, by the ffmpeg arguments in it.
setup() {
	mkdir -p "$dir/in" "$dir/out"
	cat >"$dir/worker" <<'END'
#!/bin/bash
cd "$1" || exit
trap 'exit 0' TERM
while :; do
	for f in in/*; do
		[ -e "$f" ] || continue
		read -ra words <"$f"
		nice ffmpeg -nostdin -v error -y "${words[@]}" && : >"out/${f#in/}.done"
		rm "$f"
	done
	sleep 0.3
done
END
	command=(bash "$dir/worker" "$dir")
}
make() { echo "${*:2}" >"$dir/tmp" && mv "$dir/tmp" "$dir/in/$1" && wait_for 120 test -e "$dir/out/$1.done"; }
ready() { alive; }
learn() { make first -f lavfi -i testsrc=size=64x48:rate=5 -t 1 out/first.avi; }

life() {
	op video learn
	op sound make sound -f lavfi -i sine -t 1 out/sound.wav
	op vorbis make vorbis -i out/sound.wav out/sound.ogg
	op mp4 make mp4 -i out/first.avi -c:v mpeg4 -movflags +faststart out/first.mp4
	op x264 make x264 -i out/first.avi -c:v libx264 -threads 2 out/first.mkv
	op scaled make scaled -i out/first.avi -vf scale=32:24 out/small.avi
	op picture make picture -i out/first.avi -frames:v 1 out/picture.png
	op both make both -i out/first.avi -i out/sound.wav -shortest out/both.mkv
	op segments make segments -i out/first.mp4 -f hls -hls_time 1 out/list.m3u8
	op 'graceful stop' ends TERM
}
