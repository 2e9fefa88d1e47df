# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(node --version)

setup() {
	pages
	cat >"$dir/server.js" <<'END'
const http = require('http'), fs = require('fs'), zlib = require('zlib');
const crypto = require('crypto'), dns = require('dns'), child = require('child_process');
const { Worker } = require('worker_threads');
const [site, dir] = process.argv.slice(2);
let log = fs.createWriteStream(dir + '/access.log', { flags: 'a' });

function answer(response, error, text) {
	response.writeHead(error ? 500 : 200);
	response.end(error ? String(error) : text);
}
const routes = {
	'/': (q, r) => fs.createReadStream(site + '/index.html').pipe(r),
	'/large': (q, r) => fs.createReadStream(site + '/large').pipe(r),
	'/gzip': (q, r) => zlib.gzip(fs.readFileSync(site + '/large'), e => answer(r, e, 'zipped')),
	'/hash': (q, r) => crypto.pbkdf2('a', 'b', 1000, 32, 'sha256', e => answer(r, e, 'hashed')),
	'/name': (q, r) => dns.lookup('localhost', e => answer(r, e, 'found')),
	'/spawn': (q, r) => child.execFile('/bin/true', e => answer(r, e, 'spawned')),
	'/worker': (q, r) => new Worker('require("worker_threads").parentPort.postMessage(1)',
		{ eval: true }).on('message', () => answer(r, null, 'worked')).on('error', e => answer(r, e)),
	'/grow': (q, r) => {
		const all = [];
		for (let i = 0; i < 100; i++) all.push(Buffer.alloc(1 << 20, i), new Array(20000).fill(i));
		answer(r, null, 'grown ' + all.length);
	},
	'/store': (q, r) => {
		const file = dir + '/stored';
		fs.writeFileSync(file + '.new', 'x'.repeat(100000));
		fs.renameSync(file + '.new', file);
		fs.mkdirSync(dir + '/sub', { recursive: true });
		fs.readdirSync(dir);
		fs.truncateSync(file, 10);
		fs.unlinkSync(file);
		fs.rmdirSync(dir + '/sub');
		answer(r, null, 'stored');
	},
};
const server = http.createServer((request, response) => {
	const route = routes[request.url];
	log.write(request.url + '\n');
	if (route)
		return route(request, response);
	response.writeHead(404);
	response.end();
});
server.listen(8080, '127.0.0.1');
process.on('SIGHUP', () => {
	log.end();
	log = fs.createWriteStream(dir + '/access.log', { flags: 'a' });
});
process.on('SIGTERM', () => {
	server.close(() => process.exit(0));
	server.closeAllConnections();
});
END
	command=(node "$dir/server.js" "$site" "$dir")
}
ready() { page; }
learn() { page && missing; }

rotate() {
	mv "$dir/access.log" "$dir/access.old" && signal HUP &&
		wait_for 30 test -e "$dir/access.log" && page && wait_for 30 test -s "$dir/access.log"
}
life() {
	op page page
	op large large
	op gzip get "$url/gzip" 200
	op hash get "$url/hash" 200
	op 'name lookup' get "$url/name" 200
	op 'files stored' get "$url/store" 200
	op 'child process' get "$url/spawn" 200
	op 'worker thread' get "$url/worker" 200
	op 'memory growth' get "$url/grow" 200
	op crowd crowd
	op 'client leaves' leave
	op 'log rotation' rotate
	op 'graceful stop' ends TERM
}
