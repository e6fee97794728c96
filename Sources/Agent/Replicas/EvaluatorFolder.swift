import Foundation
import Storage

/// The folder in which an evaluator keeps its state, held by one process at a time.
///
/// Folders are numbered. Whoever finds the newest one held by another, which was asleep when the group moved on and may still
/// hold locks in its files, copies it under the next number: what the sleeper writes when it wakes up is nobody's business.
struct EvaluatorFolder: ~Copyable, Sendable {
    let path: String
    /// Of all folders of the evaluator: blobs are named by their content and never changed.
    let blobs: String
    private let lock: FileLock

    /// - Parameter root: of the evaluator.
    /// - Throws: `StorageError`.
    init(root: String) throws {
        blobs = root + "/blobs"
        let newest = Self.numbers(in: root).last ?? 1
        let first = "\(root)/\(newest)"
        try StateDirectory.makeFolder(first)
        do {
            lock = try FileLock(path: first + "/lock")
            path = first
        } catch let error as StorageError where error.code == .busy {
            let next = "\(root)/\(newest + 1)"
            try Self.copy(first, to: next)
            lock = try FileLock(path: next + "/lock")
            path = next
        }
        // The one before stays: its owner may be at work in it yet.
        for old in Self.numbers(in: root) where old < newest {
            try? FileManager.default.removeItem(atPath: "\(root)/\(old)")
        }
    }

    /// The newest folder of an evaluator; `nil` where there is none.
    static func newest(in root: String) -> String? { numbers(in: root).last.map { "\(root)/\($0)" } }

    private static func numbers(in root: String) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.compactMap { Int($0) }.sorted()
    }

    private static func copy(_ folder: String, to next: String) throws {
        let unfinished = next + ".copy"
        try? FileManager.default.removeItem(atPath: unfinished)
        try StateDirectory.makeFolder(unfinished)
        try StateDirectory.copy(folder, to: unfinished)
        do {
            try FileManager.default.moveItem(atPath: unfinished, toPath: next)
        } catch {
            throw StorageError(.ioFailure, error.localizedDescription, path: next)
        }
    }
}
