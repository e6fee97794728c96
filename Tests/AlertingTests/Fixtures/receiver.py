#!/usr/bin/env python3
"""A webhook receiver with bad days, for AlertingTests.

usage: receiver.py BEHAVIOUR [SECRET]

BEHAVIOUR: ok | fail:N (500 to the first N requests) | hang (never answers) | gone (410)
           | throttle:SECONDS (429 with Retry-After to the first request) | redirect:URL (307)
           | drip (begins an answer with headers that never end)
           | drip-body (a complete 200 with a body that never ends)
Prints its port, then one JSON line per request, before answering it: method, id, timestamp, body, status,
content_type and verified (the signature, checked here with nothing of Tidewatch's). Ends with its standard input.
"""
import base64
import hashlib
import hmac
import http.server
import json
import sys
import threading

behaviour, _, argument = sys.argv[1].partition(":")
secret = base64.b64decode(sys.argv[2].removeprefix("whsec_")) if len(sys.argv) > 2 else None
lock = threading.Lock()
requests = 0
stopped = threading.Event()


def verified(identifier, timestamp, body, signatures):
    if secret is None:
        return None
    signed = f"{identifier}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, each) for each in signatures.split(" "))


def status(number):
    if behaviour == "fail":
        return 500 if number <= int(argument) else 200
    if behaviour == "throttle":
        return 429 if number == 1 else 200
    return {"gone": 410, "redirect": 307}.get(behaviour, 204)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global requests
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        identifier = self.headers.get("webhook-id", "")
        timestamp = self.headers.get("webhook-timestamp", "")
        with lock:
            requests += 1
            code = status(requests)
            print(json.dumps({
                "method": self.command, "id": identifier, "timestamp": timestamp, "body": body.decode(),
                "status": code, "content_type": self.headers.get("Content-Type", ""),
                "verified": verified(identifier, timestamp, body, self.headers.get("webhook-signature", "")),
            }), flush=True)
        if behaviour == "hang":
            stopped.wait()
            return
        if behaviour in ("drip", "drip-body"):
            end = b"Content-Length: 1000000\r\n\r\n" if behaviour == "drip-body" else b"X-Slow: "
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + end)
            while not stopped.wait(0.05):
                self.wfile.write(b"z")
            return
        self.send_response(code)
        if behaviour == "throttle" and code == 429:
            self.send_header("Retry-After", argument)
        if behaviour == "redirect":
            self.send_header("Location", argument)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # The sender hung up, which some tests are about.


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
stopped.set()
