# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(ruby --version)

setup() {
	pages
	cat >"$dir/server.rb" <<'END'
require 'socket'
require 'fileutils'
require 'tempfile'
require 'open3'
site = ARGV[0]
work = ARGV[1]
server = TCPServer.new('127.0.0.1', 8080)
Signal.trap('TERM') { exit 0 }
answer = lambda do |c, status, body|
  c.write "HTTP/1.1 #{status} X\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n"
  c.write body
end
loop do
  Thread.new(server.accept) do |c|
    path = c.gets.to_s.split[1].to_s
    while (l = c.gets) && l != "\r\n"; end
    begin
      case path
      when '/' then answer.(c, 200, File.binread("#{site}/index.html"))
      when '/large' then c.write "HTTP/1.1 200 X\r\nContent-Length: #{File.size("#{site}/large")}\r\nConnection: close\r\n\r\n"; IO.copy_stream("#{site}/large", c)
      when '/files'
        d = "#{work}/d"
        FileUtils.mkdir_p("#{d}/e"); File.write("#{d}/a", 'x' * 100); File.rename("#{d}/a", "#{d}/b")
        File.link("#{d}/b", "#{d}/c"); File.symlink('b', "#{d}/s"); File.chmod(0600, "#{d}/b")
        File.utime(0, 0, "#{d}/b"); File.truncate("#{d}/b", 3); FileUtils.cp("#{d}/b", "#{d}/e/f")
        n = Dir.glob("#{d}/**/*").size; FileUtils.rm_rf(d)
        answer.(c, 200, n.to_s)
      when '/temp' then Tempfile.create('t') { |f| f.write('z'); f.flush; f.fsync; f.flock(File::LOCK_EX) }; answer.(c, 200, 'ok')
      when '/run' then o, = Open3.capture2('sort', stdin_data: "b\na\n"); answer.(c, 200, o)
      when '/fork' then r, w = IO.pipe; p = fork { w.write 'child'; exit!(0) }; w.close; Process.wait(p); answer.(c, 200, r.read)
      when '/select' then a, b = UNIXSocket.pair; b.write 'q'; IO.select([a], nil, nil, 1); answer.(c, 200, a.readpartial(1))
      when '/resolve' then answer.(c, 200, Addrinfo.getaddrinfo('localhost', 80).first.ip_address)
      when '/gc' then GC.start; x = Array.new(300_000) { |i| i.to_s }; answer.(c, 200, x.size.to_s)
      else answer.(c, 404, 'no')
      end
    rescue => e
      answer.(c, 500, e.message) rescue nil
    ensure
      c.close
    end
  end
end
END
	chmod 755 "$dir"
	command=(ruby "$dir/server.rb" "$site" "$dir")
}
ready() { page; }
learn() { page && missing; }

life() {
	op page page
	op large large
	op missing missing
	op files says files '^[56]'
	op 'temporary file' says temp ok
	op 'a program' says run a
	op fork says fork child
	op select says select q
	op resolve says resolve '[0-9:]'
	op memory says gc 300000
	op 'many clients' crowd
	op 'client leaves' leave
	op 'graceful stop' ends TERM
}
