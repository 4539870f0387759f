/** Settings of n8n's engine for the tests: a folder of its own and no output. */
const { randomUUID } = require('node:crypto');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

// The engine writes its settings here on first use and would otherwise pick the user's home. The folder is only
// named: it comes into being with the first engine of a test file, and Engine.stop() removes it. (An exit listener
// would not do: the process object Jest gives to tests never emits.)
process.env.N8N_USER_FOLDER = join(tmpdir(), `n8n-engine-${randomUUID()}`);
process.env.N8N_ENCRYPTION_KEY = 'engine-tests';
process.env.N8N_LOG_LEVEL = 'silent';
process.env.N8N_DIAGNOSTICS_ENABLED = 'false';
