import Foundation
import Testing

@testable import Storage

/// Writes a log and rotates it, on a clock of its own.
final class LogWriter {
    let folder: TemporaryFolder
    let path: String
    /// Every line written so far.
    private(set) var lines: [String] = []
    /// Microseconds since 1970 UTC.
    var nowMicroseconds: Int64 = 1_700_000_000_000_000

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("events.jsonl")
    }

    func follow(_ start: FollowedFile.Start = .beginning, maximumLineBytes: Int = 1_000) -> FollowedFile {
        FollowedFile(path: path, start: start, maximumLineBytes: maximumLineBytes) { [unowned self] in nowMicroseconds }
    }

    /// Appends text to a file, the current one if no other is named.
    func append(_ text: String, to other: String? = nil) throws {
        nowMicroseconds += 1_000_000
        let path = other ?? path
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: URL(fileURLWithPath: path))
        }
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
        try touch(path)
    }

    func write(_ count: Int) throws {
        let new = (lines.count..<lines.count + count).map { #"{"id":"\#($0)"}"# }
        lines += new
        try append(new.map { $0 + "\n" }.joined())
    }

    /// `.1` becomes `.2` and so on, the log itself `.1`; `andCreate` puts an empty one in its place.
    func rotate(andCreate creates: Bool = true) throws {
        try shift()
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        if creates { try append("") }
    }

    /// A copy becomes `.1`, and the log is cut off.
    func copyAndTruncate() throws {
        try shift()
        try FileManager.default.copyItem(atPath: path, toPath: path + ".1")
        nowMicroseconds += 1_000_000
        try touch(path + ".1")
        truncate(path, 0)
        try touch(path)
    }

    /// Packs a rotated file, which keeps its time.
    func pack(_ number: Int) throws {
        let file = path + ".\(number)"
        guard FileManager.default.fileExists(atPath: file) else { return }
        let time = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
        let packed = TextFileFixture.gzip(Array(try Data(contentsOf: URL(fileURLWithPath: file))))
        try Data(packed).write(to: URL(fileURLWithPath: file + ".gz"))
        if let time { try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: file + ".gz") }
        try FileManager.default.removeItem(atPath: file)
    }

    private func shift() throws {
        for number in (1..<40).reversed() {
            for ending in ["", ".gz"] where FileManager.default.fileExists(atPath: path + ".\(number)\(ending)") {
                try FileManager.default.moveItem(
                    atPath: path + ".\(number)\(ending)", toPath: path + ".\(number + 1)\(ending)")
            }
        }
    }

    private func touch(_ path: String) throws {
        let time = Date(timeIntervalSince1970: Double(nowMicroseconds) / 1_000_000)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    }
}

extension FollowedFile {
    /// The lines that are there now.
    func drain(_ maximum: Int = .max) throws -> [String] {
        var lines: [String] = []
        while lines.count < maximum, let line = try next() { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }
}
