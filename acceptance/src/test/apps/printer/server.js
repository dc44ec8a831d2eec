// An app that prints the bytes it is given, in the pieces it is given.
const fs = require("node:fs");
const http = require("node:http");

// Written by the kernel when the call returns: what follows it comes after it.
function print(stream, bytes) {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += fs.writeSync(stream, bytes, at);
    } catch (e) {
      if (e.code !== "EAGAIN") throw e;
    }
  }
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    // Each line of the body: a stream's number, and what is printed to it at once, in base64.
    for (const line of Buffer.concat(parts).toString().split("\n").filter(Boolean)) {
      const [stream, text] = line.split(" ");
      print(Number(stream), Buffer.from(text ?? "", "base64"));
    }
    if (request.url === "/broken") {
      request.socket.end("not an answer\r\n\r\n");
      return;
    }
    response.end("printed", () => request.url === "/exit" && process.exit(3));
  });
});
server.listen(process.env.PORT, () => print(1, Buffer.from(`process ${process.ppid} begins\n`)));
