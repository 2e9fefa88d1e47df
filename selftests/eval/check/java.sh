# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(java -version 2>&1 | head -n 1)

setup() {
	pages
	cat >"$dir/Server.java" <<'END'
import com.sun.net.httpserver.*;
import java.net.*; import java.nio.file.*; import java.nio.file.attribute.*; import java.io.*; import java.util.*; import java.util.concurrent.*; import java.nio.channels.*; import java.nio.*;
public class Server {
  interface Work { String run() throws Exception; }
  static void on(HttpServer s, String p, Work w) {
    s.createContext(p, x -> { int st = 200; String b;
      try { b = w.run(); } catch (Throwable e) { st = 500; b = e.toString(); }
      byte[] d = b.getBytes(); x.sendResponseHeaders(st, d.length == 0 ? -1 : d.length); x.getResponseBody().write(d); x.close(); });
  }
  public static void main(String[] a) throws Exception {
    Path site = Path.of(a[0]), work = Path.of(a[1]);
    HttpServer s = HttpServer.create(new InetSocketAddress("127.0.0.1", 8080), 50);
    s.setExecutor(Executors.newFixedThreadPool(8));
    s.createContext("/", x -> { Path f = site.resolve(x.getRequestURI().getPath().equals("/") ? "index.html" : x.getRequestURI().getPath().substring(1));
      if (!Files.exists(f)) { x.sendResponseHeaders(404, -1); x.close(); return; }
      x.sendResponseHeaders(200, Files.size(f)); Files.copy(f, x.getResponseBody()); x.close(); });
    on(s, "/files", () -> { Path d = Files.createTempDirectory(work, "d"); Path f = Files.writeString(d.resolve("a"), "x".repeat(100));
      Files.move(f, d.resolve("b"), StandardCopyOption.ATOMIC_MOVE); Files.createLink(d.resolve("c"), d.resolve("b")); Files.createSymbolicLink(d.resolve("s"), Path.of("b"));
      Files.setPosixFilePermissions(d.resolve("b"), PosixFilePermissions.fromString("rw-------")); Files.setLastModifiedTime(d.resolve("b"), FileTime.fromMillis(0));
      Files.copy(d.resolve("b"), d.resolve("e")); int n = 0; try (var l = Files.list(d)) { for (Path p : (Iterable<Path>) l::iterator) { Files.delete(p); n++; } } Files.delete(d); return "files " + n; });
    on(s, "/watch", () -> { Path d = Files.createTempDirectory(work, "w"); var w = d.getFileSystem().newWatchService(); d.register(w, StandardWatchEventKinds.ENTRY_CREATE); Files.createFile(d.resolve("n")); return "watch " + (w.poll(5, TimeUnit.SECONDS) != null); });
    on(s, "/map", () -> { try (var c = FileChannel.open(work.resolve("m"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) { var m = c.map(FileChannel.MapMode.READ_WRITE, 0, 65536); m.put(0, (byte) 1); m.force(); try (var l = c.lock()) { c.truncate(10); c.force(true); } return "map " + c.size(); } });
    on(s, "/run", () -> { var p = new ProcessBuilder("sort").start(); p.getOutputStream().write("b\na\n".getBytes()); p.getOutputStream().close(); String o = new String(p.getInputStream().readAllBytes()); return "run " + o + p.waitFor(); });
    on(s, "/nio", () -> { var sel = Selector.open(); var ss = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0)); ss.configureBlocking(false); ss.register(sel, SelectionKey.OP_ACCEPT);
      var c = SocketChannel.open(ss.getLocalAddress()); int n = sel.select(5000); c.close(); ss.close(); sel.close(); var u = DatagramChannel.open(); u.bind(null); u.close(); return "nio " + n; });
    on(s, "/resolve", () -> "name " + InetAddress.getByName("localhost").getHostAddress() + " " + Collections.list(NetworkInterface.getNetworkInterfaces()).size());
    on(s, "/gc", () -> { var l = new ArrayList<byte[]>(); for (int i = 0; i < 2000; i++) { l.add(new byte[10000]); if (l.size() > 500) l.clear(); } System.gc(); Thread.getAllStackTraces(); return "memory " + ProcessHandle.current().pid() + " " + java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(); });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> s.stop(0)));
    s.start();
  }
}
END
	javac -d "$dir" "$dir/Server.java" || return
	command=(java -Xmx256m -cp "$dir" Server "$site" "$dir")
}
ready() { page; }
learn() { page && missing; }

life() {
	op page page
	op large large
	op missing missing
	op files says files 'files 4'
	op watch says watch true
	op map says map 'map 10'
	op 'a program' says run 'run a'
	op channels says nio 'nio 1'
	op resolve says resolve name
	op memory says gc memory
	op 'stack dump' eval 'signal QUIT && sleep 2 && page'
	op 'many clients' crowd
	op 'graceful stop' ends TERM 143
}
