import Events
import Foundation
import Testing

/// `tidewatch run --format json` in a process of its own.
final class AgentProcess {
    private let process = Process()
    private let output = Pipe()
    private var unread: [UInt8] = []

    /// - Parameter input: what it reads from standard input.
    init(configuration: String, input: Pipe? = nil) throws {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = tests.appendingPathComponent("tidewatch")
        process.executableURL =
            FileManager.default.isExecutableFile(atPath: beside.path)
            ? beside : URL(fileURLWithPath: RealData.repository(".build/debug/tidewatch"))
        process.arguments = ["run", "--config", configuration, "--format", "json"]
        process.standardOutput = output
        if let input { process.standardInput = input }
        try process.run()
    }

    /// Reads its output until a judged window ends after a moment.
    func waitForWindow(endingAfter microseconds: Int64, kind: String? = nil) throws {
        while true {
            let line = try #require(readLine(), "the agent ended early")
            guard let event = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                event["event"] as? String == "window", let text = event["end"] as? String,
                let end = EventTime.parse(text), end > microseconds, kind == nil || event["kind"] as? String == kind
            else { continue }
            return
        }
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Reads its output until it has ended by itself.
    /// - Returns: its exit code.
    func waitUntilEnded() -> Int32 {
        while readLine() != nil {}
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func readLine() -> [UInt8]? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeFirst(end + 1) }
                return Array(unread[..<end])
            }
            // Returns what there is; `read(upToCount:)` would wait for all of it.
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { return nil }
            unread += data
        }
    }
}
