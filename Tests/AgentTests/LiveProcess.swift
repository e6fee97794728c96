import Events
import Foundation
import Testing

/// Lines that arrive on pipes, kept; each is read on a thread of its own.
///
/// `@unchecked Sendable`: every access to the stored values happens with `condition` locked.
final class LineLog: @unchecked Sendable {
    private let condition = NSCondition()
    private var lines: [String] = []
    private var following = 0
    private var hasEnded: Bool { following == 0 }

    init() {}

    convenience init(_ handle: FileHandle) {
        self.init()
        follow(handle)
    }

    func follow(_ handle: FileHandle) {
        change { $0.following += 1 }
        Thread.detachNewThread { [self] in
            var rest: [UInt8] = []
            while case let data = handle.availableData, !data.isEmpty {
                rest += data
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    rest.removeSubrange(...end)
                    change { $0.lines.append(line) }
                }
            }
            change { $0.following -= 1 }
        }
    }

    var all: [String] {
        condition.lock()
        defer { condition.unlock() }
        return lines
    }

    /// Waits until `choose` finds what it looks for in the lines.
    func wait<Choice>(_ what: String, timeout: Double = 60, _ choose: ([String]) throws -> Choice?) throws -> Choice {
        let deadline = Date(timeIntervalSinceNow: timeout)
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let choice = try choose(lines) { return choice }
            try #require(!hasEnded, "\(what): the other process ended first: \(lines.suffix(3))")
            try #require(condition.wait(until: deadline), "\(what): not within \(timeout) s")
        }
    }

    /// Lets time pass while lines come in, for what is to happen at a random moment.
    func pass(seconds: Double) {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        while condition.wait(until: end) {}
        condition.unlock()
    }

    /// Waits until the other side has closed.
    func waitForEnd() {
        condition.lock()
        defer { condition.unlock() }
        while !hasEnded { condition.wait() }
    }

    private func change(_ body: (LineLog) -> Void) {
        condition.lock()
        body(self)
        condition.broadcast()
        condition.unlock()
    }
}

/// `tidewatch run --format json` in a process of its own.
final class LiveProcess {
    private let process = Process()
    private let output: LineLog

    /// - Parameter log: where its output goes; of its own unless given.
    init(configuration: String, log: LineLog = LineLog()) throws {
        output = log
        let program = Self.program
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // A write beyond `ulimit -f` shall fail, as on a full disk, and not end the process.
        process.arguments = [
            "-c", "trap '' XFSZ; exec \"$0\" run --config \"$1\" --format json", program, configuration,
        ]
        process.standardOutput = pipe
        try process.run()
        log.follow(pipe.fileHandleForReading)
    }

    /// The program that TIDEWATCH_PROGRAM names, or the one that was built with the tests.
    private static var program: String {
        if let given = ProcessInfo.processInfo.environment["TIDEWATCH_PROGRAM"] { return given }
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("tidewatch").path
        return FileManager.default.isExecutableFile(atPath: beside)
            ? beside : RealData.repository(".build/debug/tidewatch")
    }

    /// Waits until a judged window of each of the kinds ends at `hour` or later.
    func waitForWindow(endingAt hour: Int, kinds: [String] = ["drift"]) throws {
        let wanted = LiveHarness.start + Int64(hour) * LiveHarness.hour
        try output.wait("a window that ends at hour \(hour)") { lines in
            kinds.allSatisfy { kind in
                lines.contains { $0.contains("\"kind\":\"\(kind)\"") && (Self.end($0) ?? .min) >= wanted }
            } ? () : nil
        }
    }

    /// Waits until so many lines of one kind have been written.
    func waitForLines(_ count: Int, containing text: String) throws {
        try output.wait("\(count) lines with \(text)") { lines in
            lines.count { $0.contains(text) } >= count ? () : nil
        }
    }

    /// From now on no file of the process may grow beyond so many bytes; `nil` lifts the limit.
    func limitFiles(to bytes: Int?) throws {
        let tool = Process()
        tool.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tool.arguments = [
            "prlimit", "--pid", "\(process.processIdentifier)", "--fsize=\(bytes.map(String.init) ?? "unlimited"):",
        ]
        try tool.run()
        tool.waitUntilExit()
        try #require(tool.terminationStatus == 0, "prlimit failed")
    }

    /// Stops it as a debugger would, or wakes it up.
    func pause(_ isPaused: Bool) { Foundation.kill(process.processIdentifier, isPaused ? SIGSTOP : SIGCONT) }

    /// `kill -9`.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private static func end(_ line: String) -> Int64? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
            return nil
        }
        return (object["end"] as? String).flatMap(EventTime.parse)
    }
}

/// `receiver.py` of AlertingTests: a real HTTP server that checks signatures itself.
final class HookReceiver {
    struct Request: Decodable {
        var id: String
        var body: String
        var status: Int
        var verified: Bool?
    }

    static let secret = "whsec_" + Data("0123456789abcdef0123456789abcdef".utf8).base64EncodedString()

    let url: String
    private let process = Process()
    private let input = Pipe()
    private let output: LineLog

    init(_ behaviour: String) throws {
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-u", RealData.repository("Tests/AlertingTests/Fixtures/receiver.py"), behaviour, Self.secret,
        ]
        process.standardInput = input
        process.standardOutput = pipe
        try process.run()
        output = LineLog(pipe.fileHandleForReading)
        let port = try output.wait("receiver.py's port (is python3 installed?)") { $0.first }
        url = "http://127.0.0.1:\(port)/hook"
    }

    /// The first requests, in order of arrival; waits until there are so many.
    @discardableResult func requests(_ count: Int) throws -> [Request] {
        try output.wait("\(count) requests") { lines in
            lines.count > count ? try lines.dropFirst().prefix(count).map(Self.request) : nil
        }
    }

    /// Ends the server; every request it ever had.
    func finish() throws -> [Request] {
        input.fileHandleForWriting.closeFile()
        output.waitForEnd()
        process.waitUntilExit()
        return try output.all.dropFirst().map(Self.request)
    }

    private static func request(_ line: String) throws -> Request {
        try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    }
}
