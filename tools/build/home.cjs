/** The project's home. Only `repository` in package.json names it; the build writes it wherever the sources have a placeholder. */
const { repository } = require('../../package.json');

const PLACEHOLDER = 'https://home.invalid';

/** No account can have this name: GitHub allows no underscores. */
const UNSET_OWNER = 'your_organization';

const homeOf = ({ url }) => url.replace(/^git\+/, '').replace(/\.git$/, '');

const home = homeOf(repository);

/** Whether the owner has put in the real home. */
const isHomeSet = (address) => !address.includes(`/${UNSET_OWNER}/`);

const withHome = (text) => text.replaceAll(PLACEHOLDER, home);

module.exports = { PLACEHOLDER, home, homeOf, isHomeSet, withHome };
