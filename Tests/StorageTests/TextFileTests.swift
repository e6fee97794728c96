import Foundation
import Testing
import TidewatchTestKit

@testable import Storage

@Suite struct TextFileTests {
    private func lines(_ path: String) throws -> [String] {
        var lines: [String] = []
        try TextFile.forEachLine(path: path) { line, number in
            #expect(number == lines.count + 1)
            lines.append(String(decoding: line, as: UTF8.self))
        }
        return lines
    }

    @Test(arguments: [
        ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb\r\n", ["a", "b"]), ("a\n\nb", ["a", "", "b"]),
        ("\u{FEFF}a\nb", ["a", "b"]), ("a\rb\n", ["a\rb"]), ("\u{FEFF}", []), ("é\n€", ["é", "€"]),
    ])
    func linesEndWithAnyLineEnd(text: String, expected: [String]) throws {
        let plain = try TextFileFixture(text)
        #expect(try lines(plain.path) == expected)
        let packed = try TextFileFixture(TextFileFixture.gzip(Array(text.utf8)))
        #expect(try lines(packed.path) == expected)
    }

    @Test func longLinesAcrossBuffersAreWhole() throws {
        var generator = SeededGenerator(seed: 7)
        let expected = (0..<200).map { index in
            String(repeating: "x\(index)", count: Int.random(in: 0..<20_000, using: &generator))
        }
        let text = expected.joined(separator: "\n") + "\n"
        let plain = try TextFileFixture(text)
        #expect(try lines(plain.path) == expected)
        let packed = try TextFileFixture(TextFileFixture.gzip(Array(text.utf8)))
        #expect(try lines(packed.path) == expected)
    }

    @Test func gzipMembersOneAfterAnotherAreOneFile() throws {
        let bytes = TextFileFixture.gzip(Array("a\nb".utf8)) + TextFileFixture.gzip(Array("c\nd\n".utf8))
        let file = try TextFileFixture(bytes)
        #expect(try lines(file.path) == ["a", "bc", "d"])
    }

    @Test func truncatedGzipIsCorrupt() throws {
        let bytes = TextFileFixture.gzip(Array(String(repeating: "line\n", count: 1_000).utf8))
        let file = try TextFileFixture(Array(bytes.dropLast(300)))
        let error = #expect(throws: StorageError.self) { try lines(file.path) }
        #expect(error?.code == .corrupt)
        #expect(error?.path == file.path)
    }

    @Test func damagedGzipIsCorrupt() throws {
        var bytes = TextFileFixture.gzip(Array(String(repeating: "line\n", count: 1_000).utf8))
        bytes[2_000] ^= 0xFF
        let file = try TextFileFixture(bytes)
        #expect(throws: StorageError.self) { try lines(file.path) }
    }

    @Test func absentFilesAndFoldersAreNotFound() throws {
        let absent = #expect(throws: StorageError.self) { try lines("/tmp/no-such-folder/no-such-file") }
        #expect(absent?.code == .notFound)
        #expect(absent?.isRetryable == false)
        #expect(absent?.description == "/tmp/no-such-folder/no-such-file: there is no such file")
        let folder = #expect(throws: StorageError.self) { try lines("/tmp") }
        #expect(folder?.code == .notFound)
    }

    @Test func overlongLinesAreErrorsAndTheNextOneIsRead() throws {
        let file = try TextFileFixture("ab\n" + String(repeating: "x", count: 600_000) + "\nshort\n123456\n12345\n")
        let reader = try LineReader(path: file.path, maximumLineBytes: 5)
        #expect(try reader.next().map { $0.count } == 2)
        for expected in [2, 4] {
            let error = #expect(throws: StorageError.self) { try reader.next() }
            #expect(error?.code == .malformed)
            #expect(error?.line == expected)
            #expect(try reader.next().map { $0.count } == 5)
            #expect(reader.lineNumber == expected + 1)
        }
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test func errorsOfTheBodyPassThrough() throws {
        struct Stop: Error {}
        let file = try TextFileFixture("a\nb\nc")
        var seen = 0
        #expect(throws: Stop.self) {
            try TextFile.forEachLine(path: file.path) { _, number in
                seen = number
                if number == 2 { throw Stop() }
            }
        }
        #expect(seen == 2)
    }

    @Test func memoryDoesNotGrowWithTheFile() throws {
        let file = try TextFileFixture(String(repeating: String(repeating: "y", count: 99) + "\n", count: 100_000))
        let reader = try LineReader(path: file.path)
        let before = reader.bufferBytes
        var count = 0
        while let line = try reader.next() { count += line.count }
        #expect(count == 9_900_000)
        #expect(reader.bufferBytes == before)
    }
}
