// React for a page without a bundler: its CommonJS files as modules that an import map names.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = {
  react: 'react/cjs/react.development.js',
  scheduler: 'scheduler/cjs/scheduler.development.js',
  'react-dom': 'react-dom/cjs/react-dom.development.js',
  'react-dom/client': 'react-dom/cjs/react-dom-client.development.js',
};

/** The import map and the modules by their paths. */
export function reactModules(root) {
  const require = createRequire(join(root, 'package.json'));
  const modules = new Map();
  const imports = {};
  for (const [name, file] of Object.entries(FILES)) {
    const path = `/react/${name.replace('/', '-')}.js`;
    const source = readFileSync(join(root, 'node_modules', file), 'utf8');
    const needed = [...new Set([...source.matchAll(/require\("([^"]+)"\)/g)].map(([, needed]) => needed))];
    const names = Object.keys(require(name)).filter((key) => /^[A-Za-z]\w*$/.test(key));
    modules.set(path, [
      ...needed.map((needed, index) => `import need${index} from '${needed}';`),
      `const needs = { ${needed.map((needed, index) => `'${needed}': need${index}`).join(', ')} };`,
      'const require = (name) => needs[name], process = { env: { NODE_ENV: "development" } }, module = { exports: {} }, exports = module.exports;',
      `(function () {${source}})();`,
      'export default module.exports;',
      `export const { ${names.join(', ')} } = module.exports;`,
    ].join('\n'));
    imports[name] = path;
  }
  return { imports, modules };
}
