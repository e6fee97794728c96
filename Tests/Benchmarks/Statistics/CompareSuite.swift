import BenchmarkPeers
import Foundation
import TidewatchTestKit

/// `tidewatch compare` on two CSV files beside pandas' `read_csv` with Evidently's default drift report, each in a process
/// of its own, files to answer.
enum CompareSuite {
    private static let promised = 5.0

    static func run() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "tidewatch-compare-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(at: folder) }
        let reference = folder.appending(path: "reference.csv").path()
        let current = folder.appending(path: "current.csv").path()
        try write(reference, rows: 50_000, seed: 1)
        try write(current, rows: 100_000, seed: 2)

        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "tidewatch")
        guard FileManager.default.isExecutableFile(atPath: program.path()) else {
            throw BenchmarkError("\(program.path()) is not there: swift build -c release --product tidewatch")
        }
        let own = try seconds(program, ["compare", "--reference", reference, "--current", current, "--format", "json"])
        print(String(format: "tidewatch compare, 50,000 and 100,000 rows of 10 columns: %.2f CPU s", own))
        guard let text = try Peers.run(script: "compare.py", arguments: [reference, current]) else { return }
        guard let peer = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchmarkError("compare.py printed '\(text)'")
        }
        print(
            String(
                format: "pandas read_csv + Evidently:                              %.2f CPU s, × %.1f", peer, peer / own
            ))
        guard peer >= promised * own else { throw BenchmarkError("not \(promised) times as fast as the peer") }
    }

    /// Seven numeric columns and three of categories.
    private static func write(_ path: String, rows: Int, seed: UInt64) throws {
        var stream = DriftStream(seed: seed)
        var text = (0..<7).map { "n\($0)" }.joined(separator: ",") + ",c0,c1,c2\n"
        let categories = (0..<3).map { stream.categories(rows, weights: Array(repeating: 1, count: 5 * ($0 + 1))) }
        for row in 0..<rows {
            for column in 0..<7 {
                let value = column == 6 ? exp(stream.normal()) : stream.normal(mean: Double(column))
                text += String(format: "%.5f,", value)
            }
            text += "\(categories[0][row]),\(categories[1][row]),\(categories[2][row])\n"
        }
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// The best of three: CPU seconds of the process, all threads.
    private static func seconds(_ program: URL, _ arguments: [String]) throws -> Double {
        var best = Double.infinity
        for _ in 0..<3 {
            let before = childSeconds()
            let process = Process()
            process.executableURL = program
            process.arguments = arguments
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw BenchmarkError("tidewatch compare ended with status \(process.terminationStatus)")
            }
            best = min(best, childSeconds() - before)
        }
        return best
    }

    private static func childSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}
