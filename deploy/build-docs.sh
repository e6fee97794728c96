#!/usr/bin/env bash
# The API documentation of every library module with DocC, from the debug build's own modules (no second build).
# Pages go to .build/documentation/<Module>; a link in a comment that leads nowhere fails.
set -euo pipefail
cd "$(dirname "$0")/.."

swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members >/dev/null
graphs=$(swift build --show-bin-path)/../symbolgraph
mkdir -p .build/documentation
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed=0
for folder in Sources/*/; do
    module=$(basename "$folder")
    # Executables and C modules have no API documentation.
    [[ "$module" == tidewatch ]] && continue
    find "$folder" -name '*.swift' -print -quit | grep -q . || continue
    mkdir "$work/$module"
    if ! cp "$graphs/$module.symbols.json" "$graphs/$module@"*.symbols.json "$work/$module" 2>/dev/null &&
        [[ ! -f "$work/$module/$module.symbols.json" ]]; then
        printf 'docs: no symbol graph of %s\n' "$module" >&2
        failed=1
        continue
    fi
    if ! docc convert --additional-symbol-graph-dir "$work/$module" --output-path ".build/documentation/$module" \
        --fallback-display-name "$module" --fallback-bundle-identifier "tidewatch.$module" \
        --transform-for-static-hosting --hosting-base-path "$module" \
        --diagnostics-file "$work/$module.json" >"$work/$module.log" 2>&1; then
        cat "$work/$module.log" >&2
        failed=1
    fi
    # A parameter may go without words of its own when its name says all.
    python3 - "$work/$module.json" <<'PYTHON' || failed=1
import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
found = [d for d in report.get("diagnostics", []) if not d["summary"].endswith("is missing documentation")]
for d in found:
    start = d.get("range", {}).get("start", {})
    print(f"{d.get('source', '?')}:{start.get('line', '?')}: {d['severity']}: {d['summary']}", file=sys.stderr)
sys.exit(1 if found else 0)
PYTHON
done
exit "$failed"
