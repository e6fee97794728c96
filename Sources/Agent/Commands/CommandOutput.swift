import Foundation
import Synchronization

/// How results are printed.
public enum OutputFormat: String, Sendable {
    case text, json
}

/// The version of the program.
public enum AgentVersion {
    public static let text = "0.1.0"
}

/// A command that ends without success: what to say and which exit code (CLI contract) to end with.
public struct CommandStop: Error, Sendable {
    public var exitCode: Int32
    /// For standard error; `nil` when everything has been said.
    public var message: String?

    public init(exitCode: Int32, message: String? = nil) {
        self.exitCode = exitCode
        self.message = message
    }

    /// The command line, the configuration or an input file is wrong.
    static func badInput(_ message: String) -> CommandStop { CommandStop(exitCode: 2, message: message) }
    /// Done, and drift was found.
    static let driftFound = CommandStop(exitCode: 3)
}

/// Where commands write. One line at a time, so that lines of several threads stay whole.
public enum CommandOutput {
    private static let lock = Mutex(())

    /// A line on standard output.
    public static func standardOutput(_ line: String) { write(line + "\n", to: .standardOutput) }

    /// A line on standard error.
    public static func standardError(_ line: String) { write(line + "\n", to: .standardError) }

    /// Text on standard error that need not be a line.
    static func standardErrorText(_ text: String) { write(text, to: .standardError) }

    /// Whether colour is welcome on standard output: a terminal, and no `NO_COLOR`.
    static var usesColour: Bool {
        ProcessInfo.processInfo.environment["NO_COLOR"] == nil && isatty(STDOUT_FILENO) == 1
    }

    private static func write(_ text: String, to file: FileHandle) {
        lock.withLock { _ in
            do {
                try file.write(contentsOf: Data(text.utf8))
            } catch {
                // The reader is gone (a closed pipe): there is nobody left to tell.
                exit(1)
            }
        }
    }
}

/// Pads columns so that they line up.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]) { rows = [header] }

    mutating func add(_ row: [String]) { rows.append(row) }

    /// The lines, columns two spaces apart.
    var lines: [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line +=
                    column == row.count - 1
                    ? cell : cell.padding(toLength: widths[column] + 2, withPad: " ", startingAt: 0)
            }
            return line
        }
    }
}
