# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version="erlang $(erl -noshell -eval 'io:put_chars(erlang:system_info(otp_release)), halt().' 2>/dev/null)"

setup() {
	pages
	cat >"$dir/server.erl" <<'END'
-module(server).
-export([start/0]).
start() ->
  {ok, L} = gen_tcp:listen(8080, [binary, {ip, {127,0,0,1}}, {packet, http_bin}, {active, false}, {reuseaddr, true}, {backlog, 50}]),
  accept(L).
accept(L) -> {ok, C} = gen_tcp:accept(L), P = spawn(fun() -> receive go -> serve(C) end end), gen_tcp:controlling_process(C, P), P ! go, accept(L).
serve(C) -> case gen_tcp:recv(C, 0) of {ok, {http_request, _, {abs_path, P}, _}} -> headers(C), {S, B} = try {200, page(P)} catch throw:none -> {404, <<"no">>}; _:E -> {500, io_lib:format("~p", [E])} end, D = iolist_to_binary(B),
  inet:setopts(C, [{packet, raw}]), gen_tcp:send(C, [io_lib:format("HTTP/1.1 ~b X\r\nContent-Length: ~b\r\nConnection: close\r\n\r\n", [S, size(D)]), D]), gen_tcp:close(C); _ -> gen_tcp:close(C) end.
headers(C) -> case gen_tcp:recv(C, 0) of {ok, http_eoh} -> ok; {ok, _} -> headers(C) end.
site() -> os:getenv("SITE").
page(<<"/">>) -> {ok, B} = file:read_file(site() ++ "/index.html"), B;
page(<<"/large">>) -> {ok, B} = file:read_file(site() ++ "/large"), B;
page(<<"/files">>) -> D = site() ++ "/d", ok = file:make_dir(D), ok = file:write_file(D ++ "/a", <<"xxx">>), ok = file:rename(D ++ "/a", D ++ "/b"), ok = file:make_link(D ++ "/b", D ++ "/c"), ok = file:make_symlink("b", D ++ "/s"), ok = file:change_mode(D ++ "/b", 8#600), {ok, _} = file:copy(D ++ "/b", D ++ "/e"),
  {ok, F} = file:open(D ++ "/b", [read, write, raw]), {ok, 1} = file:position(F, 1), ok = file:truncate(F), ok = file:sync(F), ok = file:close(F),
  {ok, N} = file:list_dir(D), [ok = file:delete(D ++ "/" ++ X) || X <- N], ok = file:del_dir(D), io_lib:format("files ~b", [length(N)]);
page(<<"/run">>) -> ["run ", os:cmd("printf 'b\\na\\n' | sort")];
page(<<"/udp">>) -> {ok, S} = gen_udp:open(0, [binary, {active, false}]), {ok, P} = inet:port(S), ok = gen_udp:send(S, {127,0,0,1}, P, <<"q">>), {ok, {_, _, B}} = gen_udp:recv(S, 0, 2000), gen_udp:close(S), ["udp ", B];
page(<<"/resolve">>) -> {ok, A} = inet:getaddr("localhost", inet), {ok, I} = inet:getifaddrs(), io_lib:format("name ~p ~b", [A, length(I)]);
page(<<"/memory">>) -> L = lists:seq(1, 300000), garbage_collect(), io_lib:format("memory ~b ~p", [length(L), os:system_time()]);
page(<<"/many">>) -> S = self(), [spawn(fun() -> S ! lists:sum(lists:seq(1, 1000)) end) || _ <- lists:seq(1, 1000)], [receive _ -> ok end || _ <- lists:seq(1, 1000)], "many done";
page(_) -> throw(none).
END
	(cd "$dir" && erlc server.erl) || return
	command=(env "SITE=$site" "HOME=$dir" erl +B -noinput -pa "$dir" -s server start)
}
ready() { page; }
learn() { page && missing; }

life() {
	op page page
	op large large
	op missing missing
	op files says files 'files 4'
	op 'a program' says run 'run a'
	op udp says udp 'udp q'
	op resolve says resolve 127
	op memory says memory 300000
	op processes says many "many"
	op 'many clients' crowd
	op 'client leaves' leave
	op 'graceful stop' ends TERM
}
