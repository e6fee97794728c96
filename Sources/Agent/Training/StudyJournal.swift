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
    /// - Throws: `CommandStop` with exit code 2 for the history of another search; `LearningError` for a damaged one.
    func open(_ heading: StudyLog.Heading) throws -> [Trial] {
        let files = FileManager.default
        let bytes = files.fileExists(atPath: path) ? try Array(Data(contentsOf: URL(fileURLWithPath: path))) : []
        let log = try StudyLog(bytes)
        if let log, log.heading != heading {
            throw CommandStop.badInput(
                "--study: \(path) is the history of another search (other data, options or seed); name another file")
        }
        if log == nil { try AtomicFile.write(try StudyLog.line(heading), to: path) }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        self.file = file
        if let log { try file.truncate(atOffset: UInt64(log.intactBytes)) }
        try file.seekToEnd()
        return log?.trials ?? []
    }

    func add(_ trial: Trial) throws {
        try file?.write(contentsOf: Data(try StudyLog.line(trial)))
        try file?.synchronize()
    }
}
