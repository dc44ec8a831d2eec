// Says of each request what of it arrived: the first line, every field in its order and spelling, and the body. Remembers
// all targets, so that a request which nobody sent is seen.
const http = require("node:http");

const seen = [];

const server = http.createServer((request, response) => {
  if (request.url === "/seen") return response.end(seen.join("\n"));
  seen.push(request.url);
  const body = [];
  request.on("data", (part) => body.push(part));
  request.on("end", () => {
    const fields = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2) fields.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    response.end([`${request.method} ${request.url}`, ...fields, "", Buffer.concat(body).toString("latin1")].join("\n"));
  });
});
server.listen(process.env.PORT);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
