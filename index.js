/** What `require` of the package returns, for other programs; n8n itself loads the files listed in package.json. */
const { n8n } = require('./package.json');

// n8n itself loads the files listed in package.json; this is the same list for other programs.
module.exports = Object.assign({}, ...[...n8n.credentials, ...n8n.nodes].map((file) => require(`./${file}`)));
