import Foundation
import Glibc
import Learning
import Storage

/// The history of a search as a file that each trial is added to, so that nothing but a trial under way is ever lost.
final class StudyJournal {
    private let path: String
    private var file: FileHandle?

    init(path: String) { self.path = path }

    deinit { try? file?.close() }

    /// Opens the file, cuts off a torn last line, and gives the trials that are there.
    /// - Throws: `CommandStop` with exit code 2 for the history of another search, a damaged one, and any other file.
    func open(_ heading: StudyLog.Heading) throws -> [Trial] {
        let bytes = try contents()
        let log: StudyLog?
        do {
            log = try StudyLog(bytes)
        } catch {
            throw CommandStop.badInput("--study: \(path): \(error)")
        }
        if let log, log.heading != heading {
            throw CommandStop.badInput(
                "--study: \(path) is the history of another search (other data, options or seed); name another file")
        }
        if log == nil {
            let line = try StudyLog.line(heading)
            guard line.starts(with: bytes) else {
                throw CommandStop.badInput("--study: \(path) is no search's history; name another file")
            }
            try AtomicFile.write(line, to: path)
        }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        self.file = file
        if let log { try file.truncate(atOffset: UInt64(log.intactBytes)) }
        try file.seekToEnd()
        return log?.trials ?? []
    }

    private func contents() throws(CommandStop) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .badInput("--study: \(path) cannot be read: \(error.localizedDescription)")
        }
    }

    func add(_ trial: Trial) throws {
        try file?.write(contentsOf: Data(try StudyLog.line(trial)))
        try file?.synchronize()
    }
}
