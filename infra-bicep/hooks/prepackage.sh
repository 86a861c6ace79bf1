#!/bin/sh
# Stops where the package sources do not serve what the deployed app runs on: `dotnet publish` would fail, of the same target.
set -eu
cd "$(dirname "$0")/../.."

dotnet msbuild src/ChatFunctions -restore -t:RefuseToPublishStandIn -nologo -v:quiet || {
  echo "Stopped before anything was deployed. Where the error above names a package, NuGet needs a source that serves it." >&2
  exit 1
}
