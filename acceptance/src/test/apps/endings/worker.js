// Takes two seconds to end, and says when it begins, is asked to end, and is done.
const form = process.argv[2];
const say = (what) => console.log(`${form} ${what}`);
let stopping = false;
process.on('SIGTERM', () => {
  say('is asked to end');
  if (!stopping) setTimeout(() => { say('is done'); process.exit(7); }, 2000);
  stopping = true;
});
process.on('SIGINT', () => { say('is interrupted'); process.exit(3); });
if (process.env.PORT) {
  const where = { host: process.env.BIND || '0.0.0.0', port: process.env.PORT, ipv6Only: process.env.BIND === '::' };
  require('http').createServer((request, response) => response.end(form)).listen(where);
} else {
  setInterval(() => {}, 1000);
}
say('began');
