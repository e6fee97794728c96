import Foundation
import Storage
import Testing

@testable import Events

@Suite struct JSONLinesSourceTests {
    private func messages(_ file: TemporaryFile) throws -> [SourceMessage] {
        var source = try JSONLinesSource(path: file.path, startMicroseconds: 5)
        return try source.next(maximum: 100)
    }

    @Test func theRecordsTimeIsTheEvents() throws {
        let file = try TemporaryFile(
            #"""
            no JSON

            {"kind":"prediction","id":"a","time":"2026-01-01T00:00:00Z"}
            {"kind":"prediction","id":"b"}
            {"kind":"outcome","id":"a","time":"2026-01-01T01:00:00Z","known_at":"2026-01-02T00:00:00Z","label":1}
            {"kind":"outcome","id":"b","time":"2026-01-01T02:00:00Z","known_at":"2025-01-02T00:00:00Z","label":1}
            {"kind":"prediction"}
            """#)
        let found = try messages(file)
        #expect(
            found.map(\.timestampMicroseconds) == [
                5, 1_767_225_600_000_000, 1_767_225_600_000_000, 1_767_312_000_000_000, 1_767_232_800_000_000,
                1_767_232_800_000_000,
            ])
        #expect(found.map { String(decoding: $0.key, as: UTF8.self) } == ["", "a", "b", "a", "b", ""])
        #expect(found[0].value == Array("no JSON".utf8))
        #expect(found.map(\.offset) == [0, 1, 2, 3, 4, 5])
    }

    /// Two lines, compressed by Python's gzip module.
    @Test func gzipIsUnpacked() throws {
        let packed = try #require(
            Data(
                base64Encoded: """
                    H4sIAAAAAAACA6tWys7MS1GyUiooSk3JTC7JzM9T0lHKBIkkAhklmbmpQKaRgZGZroEhEIUYGFiBURRQtjg5vwgobaBnZFrLVQ0zKb+0\
                    JDkfqA2/MYYIY3ISk1JzgNIVSrVcAOpQldGQAAAA
                    """))
        let found = try messages(try TemporaryFile(Array(packed)))
        #expect(found.map { String(decoding: $0.key, as: UTF8.self) } == ["a", "a"])
        #expect(found.map(\.timestampMicroseconds) == [1_767_225_600_000_000, 1_767_229_200_000_000])
    }

    @Test func anAbsentFileIsAnError() throws {
        let error = #expect(throws: StorageError.self) { try JSONLinesSource(path: "/tmp/absent.jsonl") }
        #expect(error?.code == .notFound)
    }
}
