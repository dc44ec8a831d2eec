import { hostname } from 'node:os';
import fastify from 'fastify';

const app = fastify();

app.get('/', async () => 'Fastify, version 1\n');
app.get('/instance', async () => `${hostname()}\n`);

process.on('SIGTERM', () => app.close());

await app.listen({ port: Number(process.env.PORT ?? 5000), host: '0.0.0.0' });
