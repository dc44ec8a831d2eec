// An app that does what a host must survive, when it is asked to.
const crypto = require("node:crypto");
const { spawn } = require("node:child_process");
const http = require("node:http");

const boot = crypto.randomUUID();

// Its output is the instance's own.
function run(command, args, ended) {
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  child.on("exit", (code) => ended(code));
  child.on("error", (e) => ended(e.code));
}

// Makes children whose parent ends before them, one after the other.
const zombies = `
  for (1 .. $ARGV[0]) {
    my $child = fork;
    die "no process left: $!" unless defined $child;
    if (!$child) { my $orphan = fork; exit(defined $orphan ? 0 : 1) }
    waitpid($child, 0);
    die "no process left" if $?;
  }`;

const server = http.createServer((request, response) => {
  const url = new URL(request.url, "http://hostile");
  const amount = url.searchParams.get("n") ?? "1";
  const answer = (what) => response.end(String(what));
  switch (url.pathname) {
    case "/boot": return answer(boot);
    case "/eat": {
      response.end("eating");
      const all = [];
      return setInterval(() => all.push(Buffer.alloc(32 << 20, 1)), 1);
    }
    case "/forks": run("sh", ["-c", "b() { b | b & b; }; b"], () => {}); return answer("forking");
    case "/zombies": return run("perl", ["-e", zombies, amount], answer);
    case "/flood": return run("sh", ["-c", `yes ${"flood ".repeat(300)} | head -c ${amount}000000; echo; echo flooded`], answer);
    case "/line": return run("sh", ["-c", `head -c ${amount}000000 /dev/zero | tr '\\0' x; echo; echo lined`], answer);
    default: return answer("hostile");
  }
});
// It keeps its secrets, and takes no hint: SIGTERM is heard by nobody.
process.on("SIGTERM", () => {});
server.listen(process.env.PORT, () => console.log("hostile listens"));
