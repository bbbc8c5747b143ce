// Owari's quickstart as it is printed: the same lines, run by curl, with another host and slug.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';

import { startDemo } from '../browser/processes.mjs';

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo?.program.stop());

// The lines of the document, character for character.
const CONFIG = 'curl "https://api.owarilabs.com/robo/v1/public/robots/cartorio/config"';
const SESSION = `curl -X POST "https://api.owarilabs.com/robo/v1/public/robots/cartorio/sessions" \\
-H "Content-Type: application/json" \\
-d '{
"visitor_label": "website visitor",
"consent_accepted": true
}'`;
const MESSAGE = `curl -X POST "https://api.owarilabs.com/robo/v1/public/sessions/$SESSION_ID/messages" \\
-H "Content-Type: application/json" \\
-d '{
"message": "What services do you offer?",
"consent_accepted": true
}'`;

/** Runs printed lines in a shell, against the demo. Gives the JSON that they print. */
function run(lines, variables = {}) {
  const here = lines.replace('https://api.owarilabs.com', demo.api).replace('cartorio', 'demo');
  const done = spawnSync('sh', ['-c', `set -e\n${here}`], { encoding: 'utf8', env: { ...process.env, ...variables } });
  assert.equal(done.status, 0, done.error?.message ?? done.stderr);
  return JSON.parse(done.stdout);
}

describe('Owari’s quickstart', () => {
  it('reads the public chat configuration', () => {
    const config = run(CONFIG);
    assert.equal(config.slug, 'demo');
    assert.equal(config.consent.required, true);
    assert.ok(config.consent.text.length > 0);
  });

  it('starts a public session and sends a message with the id that came back', () => {
    const session = run(SESSION);
    assert.equal(session.status, 'open');
    const answer = run(MESSAGE, { SESSION_ID: session.session_id });
    assert.ok(answer.answer.length > 0);
    assert.equal(answer.status, 'complete');
    assert.ok(session.session_id.startsWith(`${answer.session_id}.`), 'the secret is handed out once');
  });

  it('creates nothing without consent, and says what is missing', () => {
    const refused = run(SESSION.replace('"consent_accepted": true', '"consent_accepted": false'));
    assert.equal(refused.status, 400);
    assert.equal(refused.code, 'consent_required');
    assert.equal(refused.session_id, undefined);
  });

  it('says whether the process is live and ready', () => {
    for (const path of ['live', 'ready']) {
      const done = spawnSync('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code}', `${demo.api}/robo/health/${path}`], { encoding: 'utf8' });
      assert.equal(done.stdout, '200', done.stderr);
    }
  });
});
