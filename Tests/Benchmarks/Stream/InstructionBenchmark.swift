import Foundation

/// Instructions per event, counted by callgrind: the same on every machine with AVX2 and the same Swift, so that what makes
/// the path of an event longer is seen however unevenly a machine runs.
enum InstructionBenchmark {
    /// What one event is led through: by name, the subcommand that does it for a number of events, and the one that
    /// only makes these events, which is taken off.
    private static let paths = [
        "decoding": (command: "count-decoding", making: "make-pairs"),
        "pair": (command: "count-pairs", making: "make-pairs"),
        "prediction": (command: "count-predictions", making: "make-predictions"),
    ]
    /// Counts of both, so that what happens once falls out.
    private static let sizes = (small: 5_000, large: 20_000)
    /// How much more than recorded is a failure.
    private static let tolerance = 0.05
    private static let recordedFile = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "instructions.json")

    /// Counts, prints, and compares with what is recorded.
    ///
    /// - Parameter records: writes what was counted instead of comparing with it.
    /// - Throws: where a path takes over 5 % more instructions than recorded.
    static func run(records: Bool) throws {
        let program = NSTemporaryDirectory() + "tidewatch-bench-\(ProcessInfo.processInfo.processIdentifier)"
        defer { unlink(program) }
        let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path()
        // Debian 12's valgrind cannot read the debug information that Swift writes.
        _ = try output(of: ["strip", "-o", program, executable])
        let recorded = try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: recordedFile))
        var counted: [String: Int] = [:]
        var longer: [String] = []
        for (name, path) in paths.sorted(by: { $0.key < $1.key }) {
            let count = try perEvent(path.command, of: program) - perEvent(path.making, of: program)
            counted[name] = count
            let before = recorded[name] ?? count
            let change = Double(count) / Double(before) - 1
            StreamBenchmark.say(
                String(
                    format: "%@: %d instructions per event, recorded %d (%+.1f %%)", name, count, before, 100 * change))
            if change > tolerance { longer.append(name) }
        }
        if records {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try (encoder.encode(counted) + Data("\n".utf8)).write(to: recordedFile)
        } else if !longer.isEmpty {
            throw BenchmarkError(
                "\(longer.joined(separator: ", ")): over \(Int(100 * tolerance)) % more instructions per event than "
                    + "recorded. Find out why, or record it: StreamBenchmarks record-instructions")
        }
    }

    private static func perEvent(_ command: String, of program: String) throws -> Int {
        let small = try instructions([program, command, "\(sizes.small)"])
        let large = try instructions([program, command, "\(sizes.large)"])
        return (large - small) / (sizes.large - sizes.small)
    }

    /// All instructions of a program with its arguments.
    private static func instructions(_ arguments: [String]) throws -> Int {
        let text = try output(of: ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] + arguments)
        guard let line = text.split(separator: "\n").last(where: { $0.contains("Collected") }),
            let count = line.split(separator: " ").last.flatMap({ Int($0) })
        else { throw BenchmarkError("callgrind counted nothing: \(text.suffix(600))") }
        return count
    }

    /// What a command says on standard error.
    private static func output(of command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        // Hash tables fill in the same order every time.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { $1 }
        let output = Pipe()
        process.standardError = output
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError(
                "\(command[0]) failed (Debian's valgrind and binutils are needed): \(text.suffix(600))")
        }
        return text
    }
}
