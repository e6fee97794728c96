import Foundation
import Testing
import TidewatchTestKit

@testable import Storage

@Suite struct FollowedFileTests {
    @Test func aLineCountsWhenItIsWhole() throws {
        let log = try LogWriter()
        let file = log.follow()
        #expect(try file.drain() == [])
        #expect(file.takeNotices() == ["\(log.path): there is no such file yet; it is waited for."])
        try log.append("\u{FEFF}one\ntw")
        #expect(try file.drain() == ["one"])
        try log.append("o\r\n\nthree")
        #expect(try file.drain() == ["two\r", ""])
        #expect(try file.drain() == [])
        #expect(file.takeNotices() == [])
    }

    @Test func aWriterThatHasNotNoticedTheRotationIsHeard() throws {
        let log = try LogWriter()
        let file = log.follow()
        try log.append("1\n")
        #expect(try file.drain() == ["1"])
        try log.rotate(andCreate: false)
        #expect(try file.drain() == [])
        try log.append("3\n")
        try log.append("2\nrest", to: log.path + ".1")
        #expect(try file.drain() == ["2"])
        log.nowMicroseconds += FollowedFile.rotationMicroseconds - 1
        #expect(try file.drain() == [])
        log.nowMicroseconds += 1
        #expect(try file.drain() == ["rest", "3"])
    }

    @Test func aCopyHoldsWhatWasCutOff() throws {
        let log = try LogWriter()
        let file = log.follow()
        try log.write(3)
        #expect(try file.drain(1) == [log.lines[0]])
        _ = try file.drain()
        try log.write(2)
        try log.copyAndTruncate()
        try log.write(30)
        log.nowMicroseconds += FollowedFile.rotationMicroseconds
        #expect(try file.drain() == Array(log.lines[3...]))
        #expect(file.takeNotices() == [])
    }

    @Test func whatWasCutOffWithoutACopyIsSaidToBeLost() throws {
        let log = try LogWriter()
        let file = log.follow()
        try log.append("1\n2\n")
        #expect(try file.drain() == ["1", "2"])
        truncate(log.path, 0)
        try log.append("a\n")
        #expect(try file.drain() == ["a"])
        #expect(file.takeNotices().first?.contains("was cut off") == true)
    }

    @Test func afterARestartTheRotatedFilesComeFirst() throws {
        let log = try LogWriter()
        let before = log.follow()
        try log.write(5)
        _ = try before.drain(2)
        let place = try #require(before.place(at: before.position))
        for _ in 0..<3 {
            try log.rotate()
            try log.write(4)
        }
        try log.pack(3)
        try log.pack(2)
        try log.append("other\n", to: log.path + ".bak")
        let after = log.follow(.place(place))
        log.nowMicroseconds += FollowedFile.rotationMicroseconds
        #expect(try after.drain() == Array(log.lines[2...]))
        #expect(after.takeNotices() == [])
    }

    /// Reading begins right after a rotation that the writer has not noticed.
    @Test func afterARestartALateWriterIsHeardToo() throws {
        let log = try LogWriter()
        try log.append("1\n")
        try log.rotate()
        let file = log.follow()
        #expect(try file.drain() == ["1"])
        try log.append("2\n", to: log.path + ".1")
        try log.append("3\n")
        #expect(try file.drain() == ["2"])
        log.nowMicroseconds += FollowedFile.rotationMicroseconds
        #expect(try file.drain() == ["3"])
    }

    @Test func aFileThatIsGoneIsSaid() throws {
        let log = try LogWriter()
        let before = log.follow()
        try log.write(5)
        _ = try before.drain(2)
        let place = try #require(before.place(at: before.position))
        try log.rotate()
        try FileManager.default.removeItem(atPath: log.path + ".1")
        try log.append("a\n")
        let after = log.follow(.place(place))
        #expect(try after.drain() == ["a"])
        #expect(after.takeNotices().first?.contains("is gone") == true)
    }

    @Test func theEndIsBehindTheLastWholeLine() throws {
        let log = try LogWriter()
        try log.append("1\n2\nbegun")
        let file = log.follow(.end)
        #expect(try file.drain() == [])
        try log.append(" and ended\n4\n")
        #expect(try file.drain() == ["begun and ended", "4"])
    }

    @Test func anOverlongLineComesCutOff() throws {
        let log = try LogWriter()
        let file = log.follow(maximumLineBytes: 10)
        try log.append("short\n" + String(repeating: "x", count: 700_000))
        #expect(try file.drain() == ["short"])
        try log.append("\nnext\n")
        #expect(try file.drain() == [String(repeating: "x", count: 11), "next"])
        let place = try #require(file.place(at: file.position))
        #expect(place.byte == 6 + 700_001 + 5)
    }

    @Test func aDamagedPackedFileCostsItself() throws {
        let log = try LogWriter()
        try log.write(3)
        let before = log.follow()
        let place = try #require(
            try {
                _ = try before.drain(1)
                return before.place(at: before.position)
            }())
        try log.rotate()
        try log.write(2)
        try log.rotate()
        try log.write(2)
        try log.pack(1)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: log.path + ".1.gz"))
        bytes.removeLast(4)
        try bytes.write(to: URL(fileURLWithPath: log.path + ".1.gz"))
        let after = log.follow(.place(place))
        log.nowMicroseconds += FollowedFile.rotationMicroseconds
        var found = try after.drain(2)
        #expect(throws: StorageError.self) {
            while let line = try after.next() { found.append(String(decoding: line, as: UTF8.self)) }
        }
        found += try after.drain()
        #expect(found == Array(log.lines[1...]))
    }

    /// Whatever the writer, rotation and restarts do, every line comes once and in order.
    @Test func everyLineComesOnce() throws {
        for seed in UInt64(1)...200 {
            var chance = SeededGenerator(seed: seed)
            let log = try LogWriter()
            var file = log.follow()
            var seen: [String] = []
            var story: [Int] = []
            for _ in 0..<40 {
                story.append(Int.random(in: 0..<9, using: &chance))
                switch story.last {
                case 0: if FileManager.default.fileExists(atPath: log.path) { try log.rotate() }
                case 1: if FileManager.default.fileExists(atPath: log.path) { try log.copyAndTruncate() }
                case 2: try log.pack(Int.random(in: 1...3, using: &chance))
                case 3:
                    if let place = file.place(at: file.position) { file = log.follow(.place(place)) }
                case 4: log.nowMicroseconds += 10_000_000
                case 5, 6: try log.write(Int.random(in: 1...200, using: &chance))
                default: seen += try file.drain(Int.random(in: 1...150, using: &chance))
                }
            }
            for _ in 0..<3 {
                seen += try file.drain()
                log.nowMicroseconds += 10_000_000
            }
            let first = zip(seen, log.lines).first { $0 != $1 }
            #expect(
                seen.count == log.lines.count && first == nil,
                "seed \(seed): \(seen.count) lines of \(log.lines.count), \(first.map { "\($0)" } ?? "") after \(story)"
            )
            #expect(file.takeNotices().allSatisfy { $0.contains("no such file yet") }, "seed \(seed)")
        }
    }
}
