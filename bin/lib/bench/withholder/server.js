// The app whose requests do not end: /wait is never answered, /large is more than a client's kernel takes, and whoever
// asks for another protocol gets it and silence.
const http = require('node:http');

const LARGE = Buffer.alloc(160 << 10, 'a');
const quiet = (stream) => stream.on('error', () => {});

const server = http.createServer({ requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
  quiet(request);
  quiet(response);
  if (request.url === '/large') response.end(LARGE);
  else if (request.url !== '/wait') response.end('ready\n');
});
server.on('upgrade', (request, socket) => {
  quiet(socket);
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: silence\r\n\r\n');
  socket.resume();
});
server.listen(process.env.PORT || 5000);
