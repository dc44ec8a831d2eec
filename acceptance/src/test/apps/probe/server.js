// What acceptance tests ask from inside an instance: who it is, what it may do, what it can reach.
const crypto = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const net = require("node:net");
const os = require("node:os");

const version = "version 1";
const boot = crypto.randomUUID();

function reach(host, port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1500 });
    const end = (word) => { socket.destroy(); resolve(word); };
    socket.on("connect", () => end("open"));
    socket.on("timeout", () => end("silent"));
    socket.on("error", (e) => end(e.code));
  });
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, "http://probe");
  const ask = (name) => url.searchParams.get(name) ?? "";
  switch (url.pathname) {
    case "/instance": return response.end(os.hostname());
    case "/boot": return response.end(boot);
    case "/env": return response.end(process.env[ask("name")] ?? "");
    case "/headers": return response.end(JSON.stringify(request.headers));
    case "/file":
      try { return response.end(fs.readFileSync(ask("name"))); }
      catch (e) { response.statusCode = 404; return response.end(e.code); }
    case "/reach": return response.end(await reach(ask("host"), Number(ask("port"))));
    case "/slow": return setTimeout(() => response.end("slow"), Number(ask("ms")));
    case "/say": console.log(ask("text")); return response.end("said");
    case "/exit": response.end("bye"); return setImmediate(() => process.exit(Number(ask("code"))));
    case "/echo": return request.pipe(response);
    default: return response.end(version);
  }
});
server.keepAliveTimeout = 5000;
server.listen(process.env.PORT, () => console.log(`probe ${version} listens on ${process.env.PORT}`));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
