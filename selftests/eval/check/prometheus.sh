# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(prometheus --version 2>&1 | head -n 1)
user=prometheus

setup() {
	mkdir -p "$dir/data"
	cat >"$dir/p.yml" <<END
global: { scrape_interval: 1s }
rule_files: [ $dir/rules.yml ]
scrape_configs:
- job_name: self
  static_configs: [ { targets: [ '127.0.0.1:9090' ] } ]
- job_name: files
  file_sd_configs: [ { files: [ $dir/sd*.json ] } ]
END
	echo 'groups: [ { name: g, interval: 1s, rules: [ { record: r, expr: up * 2 } ] } ]' >"$dir/rules.yml"
	command=(prometheus --config.file="$dir/p.yml" --storage.tsdb.path="$dir/data" --web.listen-address=127.0.0.1:9090 --web.enable-lifecycle --web.enable-admin-api)
}
api=http://127.0.0.1:9090
ready() { get $api/-/ready 200; }
query() { get "$api/api/v1/query?query=$1" 200 && grep -q '"value"' "$dir/got"; }
learn() { ready; }

discovered() { echo '[{"targets":["127.0.0.1:9090"],"labels":{"x":"found"}}]' >"$dir/sd1.json" && wait_for 30 query 'up%7Bx=%22found%22%7D'; }
crowd_prometheus() {
	local i jobs=()

	for i in $(seq 10); do curl -sf -m 30 -o /dev/null "$api/metrics" & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op ready ready
	op scraped wait_for 30 query up
	op rule wait_for 30 query r
	op range eval 'get "$api/api/v1/query_range?query=up&start=$(($(date +%s) - 60))&end=$(date +%s)&step=1" 200'
	op 'targets from a file' discovered
	op metrics get $api/metrics 200
	op reload get $api/-/reload 200 -X POST
	op snapshot get $api/api/v1/admin/tsdb/snapshot 200 -X POST
	op deletion get "$api/api/v1/admin/tsdb/delete_series?match[]=up" 204 -X POST -g
	op tombstones get $api/api/v1/admin/tsdb/clean_tombstones 204 -X POST
	op profile get "$api/debug/pprof/heap" 200
	op 'many clients' crowd_prometheus
	op 'graceful stop' ends TERM
}
