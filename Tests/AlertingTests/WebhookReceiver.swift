import Foundation
import Synchronization

/// `Fixtures/receiver.py` as a process of its own: a real HTTP server that checks signatures itself.
final class WebhookReceiver {
    struct Request: Decodable, Equatable {
        var method: String
        var id: String
        var timestamp: String
        var body: String
        var status: Int
        var contentType: String
        var verified: Bool?
    }

    private static func request(_ line: String) throws -> Request {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Request.self, from: Data(line.utf8))
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let url: String
    private let process = Process()
    private let input = Pipe()
    private let lines: LineSource

    init(_ behaviour: String, secret: String? = nil) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/receiver.py").path
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-u", script, behaviour] + (secret.map { [$0] } ?? [])
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        lines = LineSource(output.fileHandleForReading)
        guard let line = await lines.next(), let port = Int(line) else {
            throw Failure(description: "receiver.py did not start: is python3 installed?")
        }
        url = "http://127.0.0.1:\(port)/hook"
    }

    deinit { stop() }

    /// The next request, in order of arrival; waits for it.
    func next() async throws -> Request {
        guard let line = await lines.next() else { throw Failure(description: "receiver.py has ended") }
        return try Self.request(line)
    }

    /// Ends the server and returns the requests not read so far.
    func finish() async throws -> [Request] {
        stop()
        var requests: [Request] = []
        while let line = await lines.next() {
            requests.append(try Self.request(line))
        }
        return requests
    }

    /// The script ends with its standard input.
    func stop() { input.fileHandleForWriting.closeFile() }
}

/// Reads lines on a thread of its own, since reading a pipe blocks.
private final class LineSource: Sendable {
    private struct State {
        var lines: [String] = []
        var hasEnded = false
        var waiting: CheckedContinuation<String?, Never>?
    }

    private let state = Mutex(State())

    init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            var rest: [UInt8] = []
            while case let data = handle.availableData, !data.isEmpty {
                rest += data
                while let end = rest.firstIndex(of: 0x0A) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    rest.removeSubrange(...end)
                    change { $0.lines.append(line) }
                }
            }
            change { $0.hasEnded = true }
        }
    }

    /// The next line, or `nil` at the end. One caller at a time.
    func next() async -> String? {
        await withCheckedContinuation { continuation in change { $0.waiting = continuation } }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            guard state.waiting != nil, !state.lines.isEmpty || state.hasEnded else { return }
            state.waiting?.resume(returning: state.lines.isEmpty ? nil : state.lines.removeFirst())
            state.waiting = nil
        }
    }
}
