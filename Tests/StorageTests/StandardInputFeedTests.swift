import Foundation
import Testing

@testable import Storage

@Suite struct StandardInputFeedTests {
    @Test func linesComeAsTheyAreWrittenAndTheEndIsNoticed() throws {
        let pipe = Pipe()
        let feed = StandardInputFeed(descriptor: pipe.fileHandleForReading.fileDescriptor, maximumLineBytes: 8)
        #expect(try feed.next() == nil)
        try pipe.fileHandleForWriting.write(contentsOf: Data("one\ntw".utf8))
        #expect(try text(feed) == "one")
        #expect(try text(feed) == nil)
        try pipe.fileHandleForWriting.write(contentsOf: Data("o\n0123456789\nrest".utf8))
        #expect(try text(feed) == "two")
        #expect(try text(feed) == "0123456789", "the decoder refuses it for its length")
        #expect(!feed.hasEnded)
        try pipe.fileHandleForWriting.close()
        #expect(try text(feed) == "rest")
        #expect(try text(feed) == nil)
        #expect(feed.hasEnded && !feed.tellsOfMore)
        #expect(feed.place(at: feed.position) == nil)
    }

    @Test func waitingEndsWhenThereIsMore() throws {
        let pipe = Pipe()
        let feed = StandardInputFeed(descriptor: pipe.fileHandleForReading.fileDescriptor)
        #expect(try feed.next() == nil)
        Thread.detachNewThread { try? pipe.fileHandleForWriting.write(contentsOf: Data("one\n".utf8)) }
        feed.wait(milliseconds: .max)
        #expect(try text(feed) == "one")
    }

    /// To wait for what is always ready would keep a core busy.
    @Test func whatCannotBeReadTellsNothing() throws {
        let folder = open("/", O_RDONLY)
        defer { close(folder) }
        let feed = StandardInputFeed(descriptor: folder)
        #expect(feed.tellsOfMore)
        #expect(throws: StorageError.self) { try feed.next() }
        #expect(!feed.tellsOfMore)
    }

    private func text(_ feed: StandardInputFeed) throws -> String? {
        try feed.next().map { String(decoding: $0, as: UTF8.self) }
    }
}
