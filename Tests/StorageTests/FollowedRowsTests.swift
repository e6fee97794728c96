import Foundation
import Testing

@testable import Storage

@Suite struct FollowedRowsTests {
    private func drain(_ rows: FollowedRows) throws -> [[String]] {
        var found: [[String]] = []
        while let row = try rows.nextRow() { found.append(row.indices.map { row.text($0) }) }
        return found
    }

    @Test func aRowCountsWhenItsQuotesAreClosed() throws {
        let log = try LogWriter()
        let rows = FollowedRows(feed: log.follow())
        try log.append("a,b\r\n1,\"two\n")
        #expect(try drain(rows) == [])
        #expect(rows.header == ["a", "b"])
        try log.append("lines\"\r\n\n3,")
        #expect(try drain(rows) == [["1", "two\nlines"]])
        try log.append("4\n")
        #expect(try drain(rows) == [["3", "4"]])
    }

    @Test func everyFileHasItsHeader() throws {
        let log = try LogWriter()
        let rows = FollowedRows(feed: log.follow())
        try log.append("a,b\n1,2\n")
        #expect(try drain(rows) == [["1", "2"]])
        try log.rotate()
        try log.append("b,c,a\n3,4,5\n")
        #expect(try drain(rows) == [])
        log.nowMicroseconds += 10_000_000
        #expect(try drain(rows) == [["3", "4", "5"]])
        #expect(rows.header == ["b", "c", "a"])
        #expect(rows.fileNumber == 2)
    }

    @Test func readingGoesOnInTheMiddle() throws {
        let log = try LogWriter()
        let before = FollowedRows(feed: log.follow())
        try log.append("a,b\n1,2\n3,\"open")
        #expect(try drain(before) == [["1", "2"]])
        let place = try #require(before.place)
        #expect(place.byte == 8, "the open row is read again")
        try log.append(" no more\"\n5\n6,7\n")
        let after = FollowedRows(feed: log.follow(.place(place)))
        #expect(try after.nextRow().map { $0.text(1) } == "open no more")
        #expect(after.header == ["a", "b"])
        #expect(
            throws: StorageError(
                .malformed, "the row has 1 cells where the header has 2; quote cells that contain commas",
                path: log.path)
        ) { try after.nextRow() }
        #expect(String(decoding: after.rowBytes, as: UTF8.self) == "5\n")
        #expect(try drain(after) == [["6", "7"]])
    }

    @Test func aRowThatIsOpenWhenItsFileEndsCostsItself() throws {
        let log = try LogWriter()
        let rows = FollowedRows(feed: log.follow())
        try log.append("a,b\n1,\"never closed\n")
        #expect(try drain(rows) == [])
        try log.rotate()
        try log.append("a,b\n3,4\n")
        log.nowMicroseconds += 10_000_000
        #expect(try drain(rows) == [])
        log.nowMicroseconds += 10_000_000
        #expect(throws: StorageError.self) { try drain(rows) }
        #expect(try drain(rows) == [["3", "4"]])
    }
}
