#!/bin/sh
# Builds the package from the sources in /package and installs it in the n8n user folder /data, the way n8n installs a
# community package. The sources stay as they are.
set -eu
mkdir -p /build
cd /package
tar --exclude=./node_modules --exclude=./.cache --exclude=./dist --exclude=./.git -cf - . | tar -xf - -C /build
cd /build
npm ci --no-audit --no-fund --loglevel=error
npm run build --silent
tarball=$(npm pack --silent --ignore-scripts)
node tools/n8n/install-package.mjs "$tarball" /data
# n8n's image runs as this user.
chown -R 1000:1000 /data
