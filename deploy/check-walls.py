#!/usr/bin/env python3
"""Checks the walls between the modules: who imports whom.

SwiftPM's own import check lets through what another target brings along, so this one reads every file. A target may
import only what Package.swift gives it, and the rules below hold whatever Package.swift says.
Usage: deploy/check-walls.py (from the repository's root)
"""

import json
import pathlib
import re
import subprocess
import sys

# Module: the targets that may import it; tests may import what they test.
ONLY_IMPORTERS = {
    "CBoostMath": {"Statistics"},
    "CEigen": {"Statistics"},
    "COpenBLAS": {"Learning"},
    "CRdKafka": {"KafkaClient"},
    "CSimdJSON": {"Events"},
    "CXGBoost": {"Learning"},
    "CZlib": {"Storage"},
    "KafkaClient": {"Agent"},
    "Yams": {"Agent"},
    "Agent": {"tidewatch"},
}
NEVER = {("Alerting", "Retraining"), ("Retraining", "Alerting")}
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)"
)


def folder(target):
    """The folder of a target's sources."""
    if target.get("path"):
        return pathlib.Path(target["path"])
    return pathlib.Path("Tests" if target["type"] == "test" else "Sources") / target["name"]


def declared(target):
    """The names that a target may import by its dependencies."""
    names = set()
    for dependency in target["dependencies"]:
        for value in dependency.values():
            names.add(value[0])
    return names


def violations(package):
    targets = package["targets"]
    own = {target["name"] for target in targets}
    products = set().union(*(declared(target) for target in targets))
    for target in targets:
        name, allowed = target["name"], declared(target)
        is_checking = target["type"] == "test" or str(folder(target)).startswith("Tests")
        for file in sorted(folder(target).rglob("*.swift")):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = IMPORT.match(line)
                module = match and match.group(1)
                if not module or module == name:
                    continue
                place = f"{file}:{number}"
                if module in own | products and module not in allowed:
                    yield f"{place}: {name} imports {module} without naming it in Package.swift"
                importers = ONLY_IMPORTERS.get(module)
                if importers is not None and name not in importers and not is_checking:
                    yield f"{place}: only {', '.join(sorted(importers))} may import {module}"
                if (name, module) in NEVER:
                    yield f"{place}: {name} must never import {module}"


def main():
    dump = subprocess.run(["swift", "package", "dump-package"], check=True, capture_output=True, text=True)
    found = sorted(set(violations(json.loads(dump.stdout))))
    for violation in found:
        print(violation, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
