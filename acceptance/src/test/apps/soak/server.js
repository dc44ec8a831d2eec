// What bin/soak asks: which version and config answers, slowly, in parts, and what was sent to it.
const http = require("node:http");

const version = "version 1";
const says = `${version} ${process.env.GREETING ?? "none"}\n`;

const server = http.createServer((request, response) => {
  const url = new URL(request.url, "http://soak");
  const number = (name) => Number(url.searchParams.get(name));
  switch (url.pathname) {
    case "/slow": return setTimeout(() => response.end(says), number("ms"));
    case "/echo": return request.pipe(response);
    case "/parts": {
      let part = 0;
      const timer = setInterval(() => {
        response.write(`part ${part++}\n`);
        if (part < number("n")) return;
        clearInterval(timer);
        response.end("end\n");
      }, number("ms"));
      return response.on("close", () => clearInterval(timer));
    }
    default: return response.end(says);
  }
});
server.keepAliveTimeout = 5000;
server.listen(process.env.PORT);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
