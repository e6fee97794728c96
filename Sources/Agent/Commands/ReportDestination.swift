import Foundation
import Storage

/// Where a command's report goes: the file that `--output` names, else standard output. It is made before the report is,
/// so that a file which may not be written is refused before the work.
struct ReportDestination {
    private let path: String?
    private let isQuiet: Bool

    /// - Parameter inputs: the files that the report is made from. None of them is replaced by it.
    /// - Throws: `CommandStop` with exit code 2 where the path is one of them, however it is spelt.
    init(_ path: String?, from inputs: [String], isQuiet: Bool) throws(CommandStop) {
        func place(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        if let path, inputs.contains(where: { place($0) == place(path) }) {
            throw .badInput("--output: \(path) is the table that is read; name another file")
        }
        self.path = path
        self.isQuiet = isQuiet
    }

    /// Whether a text may have colours.
    var usesColour: Bool { path == nil && CommandOutput.usesColour }

    func deliver(_ report: String) throws {
        guard let path else {
            return CommandOutput.standardOutput(report.hasSuffix("\n") ? String(report.dropLast()) : report)
        }
        try AtomicFile.write(Array(report.utf8), to: path)
        if !isQuiet { CommandOutput.standardError("Wrote \(path).") }
    }
}
