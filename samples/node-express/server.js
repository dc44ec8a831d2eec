const express = require('express');
const os = require('node:os');

const VERSION = 'version 1';

const app = express();
app.disable('x-powered-by');
app.get('/', (request, response) => response.type('text').send(`Hello from Node, ${VERSION}\n`));
app.get('/instance', (request, response) => response.type('text').send(`${os.hostname()}\n`));

const port = process.env.PORT || 5000;
const server = app.listen(port, (error) => {
  if (error) throw error;
  console.log(`listening on ${port}`);
});

// The platform says SIGTERM before it stops an instance: finish what is open, then go.
process.on('SIGTERM', () => {
  console.log('stopping');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
