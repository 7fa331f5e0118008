#!/usr/bin/env bash
# Packs src/, looks into the packages, and uses them as somebody does who has nothing else: a project outside the tree,
# and the tool. Everything but artifacts/packages goes to a temporary folder that is removed.
#
#   try-packages.sh [folder]        a folder that holds the packages already; default: packs into artifacts/packages
#
# Needs the .NET 10 SDK, unzip, and PostgreSQL or npm. Packages are fetched anew, so it takes some minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDTERMINALLOGGER=off

work=$(mktemp -d)
chmod 755 "$work" # Root's servers run as another account, which must get there.
export MARTEN_EVENTING_HOME=$work/home NUGET_PACKAGES=$work/packages
unset MARTEN_EVENTING_CONNECTION

leave() {
    if [[ -x $work/tools/marten-eventing ]]; then
        "$work/tools/marten-eventing" server stop >/dev/null 2>&1 || true
    fi
    rm -rf "$work"
}
trap leave EXIT

say() { printf '\n== %s\n' "$*"; }

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

pack() {
    say "dotnet pack MartenEventing.sln -c Release"
    rm -rf artifacts/packages
    # With the packages that the tree was restored with: only the project outside has to fetch its own.
    env -u NUGET_PACKAGES dotnet pack MartenEventing.sln -c Release --nologo --verbosity quiet
}

# What somebody who installs a package expects in it.
look_into() {
    local package=$1 id files nuspec
    id=$(basename "$package" | sed -E 's/\.[0-9]+\.[0-9]+\.[0-9]+.*//')
    files=$(unzip -Z1 "$package")
    nuspec=$(unzip -p "$package" "$id.nuspec")
    for file in README.md icon.png; do
        grep -qx "$file" <<<"$files" || fail "$id has no $file"
    done
    grep -q '<license type="expression">MIT' <<<"$nuspec" || fail "$id does not name its license"
    grep -q '<description>.\{40\}' <<<"$nuspec" || fail "$id does not say what it is"
    if ! grep -q '<packageType name="DotnetTool"' <<<"$nuspec"; then
        grep -qx "lib/net10.0/$id.xml" <<<"$files" || fail "$id has no documentation"
    fi
    files=$(unzip -Z1 "${package%.nupkg}.snupkg")
    grep -q '\.pdb$' <<<"$files" || fail "$id has no symbols"
    echo "$id: $(stat -c %s "$package") bytes; needs $(needs "$nuspec")"
}

needs() {
    local found
    found=$(grep -oE '<(dependency id|frameworkReference name)="[^"]+"' <<<"$1" |
        cut -d'"' -f2 | sort -u | paste -sd ' ')
    echo "${found:-no other package}"
}

use_from_outside() {
    say "A project that knows the packages alone"
    cp -r scripts/try-packages "$work/outside"
    sed "s|FOLDER|$packages|" scripts/try-packages/nuget.config >"$work/outside/nuget.config"
    (cd "$work/outside" && dotnet run -c Release -p:MartenEventingVersion="$version" </dev/null) |
        tee "$work/outside.log"
    grep -q '^mt_events_tail' "$work/outside.log" || fail "the project listed no partitions"
}

use_tool() {
    say "The tool"
    (cd "$work/outside" && dotnet tool install MartenEventing.Cli --version "$version" --tool-path "$work/tools" \
        --configfile nuget.config --verbosity quiet)
    "$work/tools/marten-eventing" --help | sed -n 1,2p
    "$work/tools/marten-eventing" db apply >/dev/null
    "$work/tools/marten-eventing" db status
}

if (($# == 0)); then
    pack
    packages=$PWD/artifacts/packages
else
    packages=$(cd "$1" && pwd)
fi

say "What is in them"
for package in "$packages"/*.nupkg; do
    look_into "$package"
done
version=$(basename "$packages"/MartenEventing.Marten.*.nupkg .nupkg)
version=${version#MartenEventing.Marten.}

use_from_outside
use_tool
say "The packages work. $SECONDS seconds"
