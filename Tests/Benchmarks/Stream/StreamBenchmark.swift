import Foundation

/// One line of result, passed from process to process as JSON.
struct Measurement: Codable {
    var name: String
    var events: Int
    var seconds: Double
    var residentBytes: Int?
    var extra: [String: Int]

    var rate: Double { Double(events) / seconds }

    func print() {
        do {
            FileHandle.standardOutput.write(try JSONEncoder().encode(self) + Data("\n".utf8))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
        }
    }
}

/// Agent and bare consumer in turn, on the same topic of the same broker process.
enum StreamBenchmark {
    static func run(events: Int, rounds: Int, partitions: Int) throws {
        let broker = BrokerProcess.cluster ?? "the embedded broker"
        say("Filling \(broker) with \(events) events of about 300 bytes in \(partitions) partitions …")
        let filled = try Child(["broker", "\(events)", "\(partitions)"])
        let address = try filled.firstLine()
        try compare(
            [
                ["library", address, "\(events)", "524288"],
                ["bare", address, "\(events)", "16384"], ["bare", address, "\(events)", "65536"],
                ["agent", address, "\(events)", "2", "16384"], ["agent", address, "\(events)", "2", "65536"],
                ["agent", address, "\(events)", "1", "16384"], ["agent", address, "\(events)", "1", "65536"],
                ["peer", address, "\(events)", "16384"],
            ], rounds: rounds)
        filled.finish()
    }

    /// The agent's rate and memory by the size of its prefetch queue.
    static func curve(events: Int, rounds: Int, partitions: Int) throws {
        let filled = try Child(["broker", "\(events)", "\(partitions)"])
        let address = try filled.firstLine()
        let sizes = [4, 8, 16, 32, 64, 128, 256].map { "\($0 * 1_024)" }
        try compare(sizes.map { ["agent", address, "\(events)", "2", $0] }, rounds: rounds)
        filled.finish()
    }

    /// Runs this program with each of these arguments in turn, and prints the medians.
    static func compare(_ children: [[String]], rounds: Int) throws {
        var results: [String: [Measurement]] = [:]
        for round in 1...rounds {
            for arguments in children {
                let line = try Child(arguments).firstLine()
                let measurement = try JSONDecoder().decode(Measurement.self, from: Data(line.utf8))
                results[measurement.name, default: []].append(measurement)
                say("round \(round): \(describe(measurement))")
            }
        }
        say("\nmedians of \(rounds) rounds")
        for name in results.keys.sorted() {
            let sorted = (results[name] ?? []).sorted { $0.rate < $1.rate }
            say(describe(sorted[sorted.count / 2]))
        }
    }

    private static func describe(_ measurement: Measurement) -> String {
        var text = measurement.name.padding(toLength: 26, withPad: " ", startingAt: 0)
        text += String(
            format: "%9.0f events/s  (%d in %.2f s)", measurement.rate, measurement.events, measurement.seconds)
        if let bytes = measurement.residentBytes {
            text += String(format: "  %.0f MB resident beyond the prefetch queue", Double(bytes) / 1e6)
        }
        for extra in measurement.extra.sorted(by: { $0.key < $1.key }) { text += "  \(extra.key)=\(extra.value)" }
        return text
    }

    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}

/// Another process: this program again, with other arguments, or a program of the path.
final class Child {
    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()

    init(program: String? = nil, _ arguments: [String]) throws {
        process.executableURL =
            program == nil
            ? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() : URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = (program.map { [$0] } ?? []) + arguments
        process.standardOutput = output
        process.standardInput = input
        try process.run()
    }

    /// The first line that it prints.
    func firstLine() throws -> String {
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        guard !line.isEmpty else {
            throw BenchmarkError("\(process.arguments?.joined(separator: " ") ?? "") ended without a result")
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Hands over the other lines that it prints, on a thread of their own.
    func forEachLine(_ body: @escaping @Sendable (String) -> Void) {
        let handle = output.fileHandleForReading
        Thread.detachNewThread {
            var rest: [UInt8] = []
            while case let data = handle.availableData, !data.isEmpty {
                rest += data
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    body(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeSubrange(...end)
                }
            }
        }
    }

    /// Blocks until it has taken the bytes.
    func write(_ bytes: [UInt8]) throws { try input.fileHandleForWriting.write(contentsOf: bytes) }

    func closeInput() { input.fileHandleForWriting.closeFile() }

    /// Closes its standard input and waits for its end.
    func finish() {
        closeInput()
        process.waitUntilExit()
    }
}
