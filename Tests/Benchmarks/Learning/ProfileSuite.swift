import BenchmarkPeers
import Foundation
import Learning
import TidewatchTestKit

/// `tidewatch profile` of 500,000 rows of 20 columns from a CSV file: reading, the analysis, and the whole command to its
/// HTML page, beside ydata-profiling from the same file to its page.
enum ProfileSuite {
    private static let rows = 500_000
    /// CPU seconds of the analysis.
    private static let promised = 3.0
    /// Resident memory of the table in its cells' bytes.
    private static let promisedMemory = 1.2

    static func run() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "tidewatch-profile-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "table.csv").path()
        try write(path)
        var profiler = TableProfiler(target: "target", time: "minute")
        profiler.timeOfNumber = { $0 >= 1e8 ? $0 * 1e6 : nil }
        var table = try Table(columns: [])
        // What writing the file has freed is taken by the first.
        let first = try Table.read(path: path)
        let memory = try residentPerCellByte {
            table = try Table.read(path: path)
        } of: {
            table
        }
        let reading = try best { table = try Table.read(path: path) }
        let analysis = try best { _ = try profiler.run(table) }
        print(String(format: "%@ %.2f × its columns' bytes", "Table.read, resident".padded, memory))
        withExtendedLifetime(first) {}
        say("Table.read", reading)
        say("TableProfiler.run, with target and time", analysis)
        if let whole = try command(path, page: folder.appending(path: "report.html").path()) {
            say("tidewatch profile, file to page", whole)
            try comparePeer(path, whole)
        }
        guard analysis <= promised else { throw BenchmarkError("the analysis takes more than \(promised) CPU s") }
        guard memory <= promisedMemory else { throw BenchmarkError("the table takes \(memory) × its columns' bytes") }
    }

    private static func say(_ name: String, _ seconds: Double) {
        print("\(name.padded) \(String(format: "%.2f", seconds)) CPU s")
    }

    /// By how much resident memory grows, over what the cells of the table take: 8 bytes a number, 4 a category, 1 a boolean.
    private static func residentPerCellByte(_ body: () throws -> Void, of table: () -> Table) throws -> Double {
        let before = try resident()
        try body()
        let grown = try resident() - before
        let bytes = table().columns.reduce(0) { sum, column in
            switch column.values {
            case .numeric: sum + 8 * column.count
            case .categorical: sum + 4 * column.count
            case .boolean: sum + column.count
            }
        }
        return Double(grown) / Double(bytes)
    }

    private static func resident() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(pages[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }

    private static func best(_ body: () throws -> Void) rethrows -> Double {
        try (0..<3).map { _ in try ProcessorTime.seconds(body) }.min() ?? 0
    }

    private static func comparePeer(_ path: String, _ own: Double) throws {
        guard let text = try Peers.run(script: "profile_table.py", arguments: [path], libraries: .profile) else {
            return
        }
        guard let peer = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchmarkError("profile_table.py printed '\(text)'")
        }
        say("pandas read_csv + ydata-profiling", peer)
        print(String(format: "× %.0f", peer / own))
    }

    /// The best of three, `nil` where the program is not there.
    private static func command(_ path: String, page: String) throws -> Double? {
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "tidewatch")
        guard FileManager.default.isExecutableFile(atPath: program.path()) else {
            print("skipped: \(program.path()) is not there (swift build -c release --product tidewatch)")
            return nil
        }
        return try (0..<3).map { _ in
            let before = childSeconds()
            let process = Process()
            process.executableURL = program
            process.arguments = [
                "profile", path, "--target", "target", "--time", "minute", "--output", page, "--quiet",
            ]
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw BenchmarkError("tidewatch profile ended with status \(process.terminationStatus)")
            }
            return childSeconds() - before
        }.min()
    }

    private static func childSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    /// Thirteen columns of numbers (three whole), four of names, one boolean, epoch seconds, and a target of two classes.
    private static func write(_ path: String) throws {
        var stream = DriftStream(seed: 5)
        var text = (0..<13).map { "n\($0)" }.joined(separator: ",") + ",c0,c1,c2,c3,flag,minute,target\n"
        let counts = [3.0, 12, 200, 5_000]
        for row in 0..<rows {
            let first = stream.normal()
            text += String(format: "%.5f", first)
            for column in 1..<13 {
                let value = stream.normal()
                switch column {
                case 1..<6: text += column == 3 && stream.uniform() < 0.07 ? "," : String(format: ",%.5f", value)
                case 6..<10: text += String(format: ",%.2f", exp(1.5 * value))
                default: text += ",\(Int(stream.uniform() * [10, 1_000, 100_000][column - 10]))"
                }
            }
            for count in counts { text += ",v\(Int(-log(stream.uniform()) * count / 5))" }
            text += stream.uniform() < 0.3 ? ",true" : ",false"
            text += ",\(1_790_000_000 + 60 * row),\(first + stream.normal() > 1.2 ? "yes" : "no")\n"
        }
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}

extension String {
    fileprivate var padded: String { padding(toLength: 42, withPad: " ", startingAt: 0) }
}
